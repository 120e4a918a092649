import type { LocalText } from '@/i18n/language';

/**
 * How a metric's values are to be written: the service gives money in hundredths, and ratios as
 * fractions (a rate) or as means of counts (units per order).
 */
export function unitOf(metric: string, unit: string): string {
  if (unit === 'money') return 'cents';
  if (unit !== 'ratio') return unit;
  return metric.endsWith('_rate') ? 'share' : 'number';
}

const HEBREW: Readonly<Record<string, string>> = {
  net_sales: 'מכירות נטו',
  gross_sales: 'מכירות ברוטו',
  discounts: 'הנחות',
  refunds: 'החזרים',
  units: 'יחידות שנמכרו',
  refund_rate: 'שיעור ההחזרים',
  discount_rate: 'שיעור ההנחות',
  orders: 'הזמנות',
  customers: 'לקוחות',
  new_customers: 'לקוחות חדשים',
  average_order_value: 'שווי הזמנה ממוצע',
  units_per_order: 'יחידות להזמנה',
  orders_per_customer: 'הזמנות ללקוח',
  payments: 'תשלומים',
  payment_failure_rate: 'תשלומים שנכשלו',
  chargebacks: 'הכחשות עסקה',
};

/** The metric's name in both languages; one that is not known here keeps the service's. */
export function metricName(metric: string, title: string): LocalText {
  return { en: title, he: HEBREW[metric] ?? title };
}
