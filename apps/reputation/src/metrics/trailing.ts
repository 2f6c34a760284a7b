/**
 * Distinct things in a window that ends on each interval's last day, exactly and in one pass. A thing seen on a
 * day is in the windows that end on that day and the `window` - 1 days after it, or until it is seen again; so
 * each sighting is one step up and one step down, and the number in a window is the sum of the steps so far.
 *
 * `seen` is a query of `(thing, day)`, each pair once. Gives `(date, things, sightings)`: the distinct things, and
 * how often things were seen, in the window.
 */
export const trailing = (seen: string, window: number): string => `
  seen AS (${seen}), covered AS (
    SELECT day AS begins, day + ${String(window)} AS leaves,
      least(day + ${String(window)}, lead(day) OVER (PARTITION BY thing ORDER BY day)) AS ends
    FROM seen
  ), steps AS (
    SELECT begins AS day, count(*) AS things, count(*) AS sightings FROM covered GROUP BY 1
    UNION ALL SELECT ends, -count(*), 0 FROM covered GROUP BY 1
    UNION ALL SELECT leaves, 0, -count(*) FROM covered GROUP BY 1
  ), running AS (
    SELECT date, sum(things) OVER so_far AS things, sum(sightings) OVER so_far AS sightings
    FROM (
      SELECT day, things, sightings, NULL::date AS date FROM steps
      UNION ALL SELECT last, 0, 0, date FROM intervals
    ) AS step
    WINDOW so_far AS (ORDER BY day, date NULLS FIRST)
  ), in_window AS (
    SELECT date, things::int AS things, sightings::int AS sightings FROM running WHERE date IS NOT NULL
  )`;
