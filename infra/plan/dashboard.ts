/** One dashboard of charts, three in a row, as Monitoring's API takes it: JSON with its keys in a fixed order. */
export function dashboardOf(
  title: string,
  charts: readonly (readonly [string, string])[],
  labels: Readonly<Record<string, string>>,
): string {
  const tiles = charts.map(([name, filter], i) => ({
    xPos: (i % 3) * 16,
    yPos: Math.floor(i / 3) * 12,
    width: 16,
    height: 12,
    widget: {
      title: name,
      xyChart: {
        dataSets: [
          {
            plotType: "LINE",
            targetAxis: "Y1",
            timeSeriesQuery: {
              timeSeriesFilter: {
                filter,
                aggregation: { alignmentPeriod: "300s", perSeriesAligner: "ALIGN_DELTA" },
              },
            },
          },
        ],
      },
    },
  }));
  const marks = Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${name}-${value}`, ""]));
  return JSON.stringify({ displayName: title, labels: marks, mosaicLayout: { columns: 48, tiles } });
}
