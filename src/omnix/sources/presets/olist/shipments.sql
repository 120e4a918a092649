-- One parcel per order that has been handed to a carrier.
select
    concat('parcel-', order_id) as shipment_id,
    order_id,
    case when order_delivered_customer_date is not null then 'delivered' else 'in_transit' end as shipment_status,
    order_delivered_carrier_date as shipped_date,
    order_estimated_delivery_date as estimated_delivery_date,
    order_delivered_customer_date as actual_delivery_date,
    _row
from olist_orders_dataset
where coalesce(order_delivered_carrier_date, order_delivered_customer_date) is not null
