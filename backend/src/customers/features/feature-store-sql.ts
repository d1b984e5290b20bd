/**
 * The activity that was valid at a time: the period that holds it (`valid_from` included, `valid_to` not; open where
 * `valid_to` is null), and where periods overlap the one that began last.
 *
 * @param activity table of periods
 * @param points rows `(idx, at)`: one a customer
 */
function buildActivityAt(activity: string, points: string): string {
  return `
SELECT DISTINCT ON (periods.idx) periods.idx, periods.valid_from, periods.scd_a, periods.scd_b
FROM ${activity} AS periods JOIN ${points} AS points USING (idx)
WHERE periods.valid_from <= points.at AND (periods.valid_to IS NULL OR periods.valid_to > points.at)
ORDER BY periods.idx, periods.valid_from DESC`;
}

/**
 * Every customer with the activity valid at the label's time. Labels that tell no time, and customers without a label,
 * count as of `$1`.
 */
export const SELECT_FEATURES = `
WITH points AS (
  SELECT profiles.idx, profiles.attr_a, profiles.attr_b, labels.label,
    coalesce(labels.labeled_at, $1::timestamptz) AS at
  FROM customer_profiles AS profiles LEFT JOIN labels USING (idx)
), activity AS (${buildActivityAt('customer_activity', 'points')})
SELECT points.idx, points.attr_a, points.attr_b, activity.scd_a, activity.scd_b, points.label,
  points.at AS valid_at
FROM points LEFT JOIN activity USING (idx)`;

/** The newest period of each customer. */
export const SELECT_ACTIVITY_LATEST = `
SELECT DISTINCT ON (idx) idx, valid_from, valid_to, scd_a, scd_b
FROM customer_activity ORDER BY idx, valid_from DESC`;

/** One customer's features as of any time `$2`; profile and label are the present ones. */
export const SELECT_FEATURES_AT = `
WITH points AS (SELECT $1::bigint AS idx, $2::timestamptz AS at)
SELECT profiles.idx, profiles.attr_a, profiles.attr_b, activity.scd_a, activity.scd_b, labels.label,
  points.at AS valid_at
FROM customer_profiles AS profiles
JOIN points USING (idx)
LEFT JOIN labels USING (idx)
LEFT JOIN (${buildActivityAt('customer_activity', 'points')}) AS activity USING (idx)`;
