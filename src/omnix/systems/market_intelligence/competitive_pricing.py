"""Our price against each competitor's: where we stand, where we stood, what to answer."""

from omnix.core.table import Column, table

_POSITION = "budget, value, market, premium or luxury"


@table(
    key=("product_id", "competitor_name", "currency"),
    columns={
        "product_id": Column("string", "Our product."),
        "product_name": Column("string", "Its name.", nullable=True),
        "category_id": Column("string", "The category it stands in.", nullable=True),
        "competitor_name": Column("string", "Who sells it too."),
        "currency": Column("string", "ISO 4217 code of every price in the row."),
        "competitor_price_cents": Column("int64", "What they asked when last seen."),
        "observed_at": Column("timestamp", "When that was, UTC."),
        "observed_days_ago": Column("int64", "Days from that day to the as-of date."),
        "is_stale": Column("bool", "Seen more than 90 days ago: no part of the market any more."),
        "our_price_cents": Column(
            "int64",
            "Our newest list price in that currency: of the price history, else of the product.",
            nullable=True,
        ),
        "gap_cents": Column(
            "int64", "Ours − theirs; below zero where we are cheaper.", nullable=True
        ),
        "gap_share": Column("float64", "The gap as a share of their price.", nullable=True),
        "competitors": Column("int64", "Competitors that make the market: all that are not stale."),
        "market_mean_cents": Column("int64", "Mean of their prices.", nullable=True),
        "market_least_cents": Column("int64", "Least of their prices.", nullable=True),
        "price_index": Column("float64", "Our price in per cent of their mean.", nullable=True),
        "rank": Column(
            "int64", "Our place among all sellers: 1 = nobody is cheaper.", nullable=True
        ),
        "position": Column(
            "string",
            f"{_POSITION}: more than 10 % and 5 % below the mean, around it, 5 % and 10 % above.",
            nullable=True,
        ),
        "position_30d": Column("string", "The same 30 days before the as-of date.", nullable=True),
        "position_90d": Column("string", "The same 90 days before the as-of date.", nullable=True),
        "cost_cents": Column(
            "int64", "What one piece costs us, where known in that currency.", nullable=True
        ),
        "margin_floor": Column(
            "float64", "Share of the cost that a price must leave over.", nullable=True
        ),
        "floor_price_cents": Column("int64", "The least price that leaves it.", nullable=True),
        "action": Column(
            "string", "lower, raise or hold; empty where none can be suggested.", nullable=True
        ),
        "suggested_price_cents": Column(
            "int64", "The price to ask; today's with hold. Never below the floor.", nullable=True
        ),
        "reason": Column("string", "Why this is suggested, or why nothing is."),
    },
    checks={
        "gap = ours − theirs": "gap_cents is null or gap_cents = our_price_cents - competitor_price_cents",
        "a suggestion never falls below the floor": "suggested_price_cents is null or suggested_price_cents >= floor_price_cents",
        "an action has a price": "(action is null) = (suggested_price_cents is null)",
        "the position is known": "position is null or position in ('budget', 'value', 'market', 'premium', 'luxury')",
    },
)
def competitive_pricing(competitor_prices, products, price_history, *, as_of):
    """One row per product, competitor and currency with a price seen before `as_of`.

    Empty without a feed of competitors' prices: the shop's own table `competitor_prices`, or a CSV
    with the columns product_id, competitor_name, competitor_price, observed_at and, where it is not
    the shop's, currency.

    The suggestion is one for the product, the same beside each competitor: from 5 % above the mean
    of the market down to it; from more than 5 % below it up to the cheapest competitor, when nobody
    is cheaper than we are; else as it is. It moves a price by a fifth at most, and never below cost
    + 10 % (up to there where it lies below). Nothing is suggested where the cost is unknown.
    """
    return """
        with moments as (
            select 0 as ago, $as_of as until
            union all
            select 30, $as_of - interval 30 day
            union all
            select 90, $as_of - interval 90 day
        ),
        ours as (
            select
                m.ago, h.product_id, h.currency,
                max_by(h.price_cents, h.valid_from) as price_cents
            from price_history h
            join moments m on h.valid_from < m.until
            group by m.ago, h.product_id, h.currency
        ),
        seen as (
            select
                m.ago, c.product_id, c.competitor_name, c.currency,
                max_by(c.price_cents, c.observed_at) as price_cents,
                max(c.observed_at) as observed_at,
                max(c.observed_at) < max(m.until) - interval 90 day as is_stale
            from competitor_prices c
            join moments m on c.observed_at < m.until
            group by m.ago, c.product_id, c.competitor_name, c.currency
        ),
        listed as (
            select
                s.ago, s.product_id, s.competitor_name, s.currency, s.price_cents, s.is_stale,
                coalesce(
                    o.price_cents,
                    case when s.ago = 0 and p.currency = s.currency then p.price_cents end
                ) as our_cents
            from seen s
            left join ours o on s.ago = o.ago and s.product_id = o.product_id and s.currency = o.currency
            left join products p on s.product_id = p.product_id
        ),
        market as (
            select
                ago, product_id, currency, max(our_cents) as our_cents,
                count(*) filter (where not is_stale) as competitors,
                avg(price_cents) filter (where not is_stale) as mean_cents,
                min(price_cents) filter (where not is_stale) as least_cents,
                count(*) filter (where not is_stale and price_cents < our_cents) as cheaper
            from listed
            group by ago, product_id, currency
        ),
        positions as (
            select
                ago, product_id, currency,
                case
                    when our_cents < 0.90 * mean_cents then 'budget'
                    when our_cents < 0.95 * mean_cents then 'value'
                    when our_cents < 1.05 * mean_cents then 'market'
                    when our_cents < 1.10 * mean_cents then 'premium'
                    when our_cents is not null and mean_cents is not null then 'luxury'
                end as position
            from market
        ),
        floors as (
            select
                m.product_id, m.currency, m.our_cents, m.competitors, m.mean_cents, m.least_cents, m.cheaper,
                case when p.currency = m.currency then p.cost_cents end as cost_cents,
                case when p.currency = m.currency then cast(ceil(p.cost_cents * 1.1 - 0.000001) as bigint) end as floor_cents,
                p.cost_cents is not null and p.currency <> m.currency as cost_elsewhere,
                coalesce(p.is_active, true) as is_active
            from market m
            left join products p on m.product_id = p.product_id
            where m.ago = 0
        ),
        wanted as (
            select
                product_id, currency, our_cents, competitors, mean_cents, least_cents, cheaper, cost_cents,
                floor_cents, cost_elsewhere, is_active,
                case
                    when our_cents >= 1.05 * mean_cents
                        then greatest(cast(round(mean_cents) as bigint), cast(ceil(0.8 * our_cents) as bigint))
                    when our_cents < 0.95 * mean_cents and cheaper = 0
                        then greatest(least(least_cents, cast(floor(1.2 * our_cents) as bigint)), our_cents)
                    else our_cents
                end as aim_cents
            from floors
        ),
        answered as (
            select
                product_id, currency, our_cents, competitors, mean_cents, least_cents, cheaper, cost_cents,
                floor_cents, cost_elsewhere, is_active, aim_cents,
                case when our_cents > 0 and competitors > 0 and is_active
                    then greatest(aim_cents, floor_cents)
                end as to_cents
            from wanted
        )
        select
            s.product_id, p.product_name, p.category_id, s.competitor_name, s.currency,
            s.price_cents as competitor_price_cents, s.observed_at,
            date_diff('day', cast(s.observed_at as date), cast($as_of as date)) as observed_days_ago,
            s.is_stale,
            a.our_cents as our_price_cents,
            a.our_cents - s.price_cents as gap_cents,
            (a.our_cents - s.price_cents) / cast(s.price_cents as double) as gap_share,
            a.competitors,
            cast(round(a.mean_cents) as bigint) as market_mean_cents,
            a.least_cents as market_least_cents,
            100 * a.our_cents / a.mean_cents as price_index,
            case when a.our_cents is not null and a.competitors > 0 then 1 + a.cheaper end as rank,
            now_at.position as position,
            at_30.position as position_30d,
            at_90.position as position_90d,
            a.cost_cents, case when a.floor_cents is not null then 0.1::double end as margin_floor, a.floor_cents as floor_price_cents,
            case
                when a.floor_cents is null or a.to_cents is null then null
                when a.to_cents < a.our_cents then 'lower'
                when a.to_cents > a.our_cents then 'raise'
                else 'hold'
            end as action,
            case when a.floor_cents is not null then a.to_cents end as suggested_price_cents,
            case
                when a.our_cents is null then concat('We have no price in ', s.currency, ' to compare.')
                when a.our_cents = 0 then 'Our price is nought.'
                when not a.is_active then 'We do not sell it any more.'
                when a.competitors = 0 then 'Every price was seen more than 90 days ago.'
                when a.cost_elsewhere then concat('Its cost is not known in ', s.currency, ', so nothing is suggested.')
                when a.cost_cents is null then 'Its cost is not known, so nothing is suggested.'
                when a.our_cents < a.floor_cents then concat(
                    'Our price lies below cost + 10 %, which is ', cast(cast(a.floor_cents / 100.0 as decimal(18, 2)) as varchar), '.')
                when a.our_cents >= 1.05 * a.mean_cents and a.to_cents >= a.our_cents then concat(
                    cast(cast(round(100 * (a.our_cents / a.mean_cents - 1)) as bigint) as varchar),
                    ' % above the market, and as low as cost + 10 % allows.')
                when a.our_cents >= 1.05 * a.mean_cents and a.aim_cents < a.to_cents then concat(
                    cast(cast(round(100 * (a.our_cents / a.mean_cents - 1)) as bigint) as varchar),
                    ' % above the market; cost + 10 % stops the way down to it.')
                when a.our_cents >= 1.05 * a.mean_cents and round(a.mean_cents) < a.to_cents then concat(
                    cast(cast(round(100 * (a.our_cents / a.mean_cents - 1)) as bigint) as varchar),
                    ' % above the market; a fifth less is the most for one step.')
                when a.our_cents >= 1.05 * a.mean_cents then concat(
                    cast(cast(round(100 * (a.our_cents / a.mean_cents - 1)) as bigint) as varchar),
                    ' % above the market: down to its mean.')
                when a.to_cents > a.our_cents then concat(
                    'Nobody is cheaper, and we are ',
                    cast(cast(round(100 * (1 - a.our_cents / a.mean_cents)) as bigint) as varchar),
                    case when a.to_cents < a.least_cents then ' % below the market: up by a fifth, the most for one step.'
                        else ' % below the market: up to the cheapest competitor.' end)
                when a.our_cents < 0.95 * a.mean_cents and a.cheaper = 0 then 'Below the market; nobody is cheaper, but another asks as little: it stays.'
                when a.our_cents < 0.95 * a.mean_cents then 'Below the market, but not the cheapest: it stays.'
                else 'Within 5 % of the market: it stays.'
            end as reason
        from seen s
        join answered a on s.product_id = a.product_id and s.currency = a.currency
        left join products p on s.product_id = p.product_id
        left join positions now_at on s.product_id = now_at.product_id and s.currency = now_at.currency and now_at.ago = 0
        left join positions at_30 on s.product_id = at_30.product_id and s.currency = at_30.currency and at_30.ago = 30
        left join positions at_90 on s.product_id = at_90.product_id and s.currency = at_90.currency and at_90.ago = 90
        where s.ago = 0
    """
