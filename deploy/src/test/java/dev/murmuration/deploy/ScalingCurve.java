package dev.murmuration.deploy;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What lag and pods did from the moment a backlog was there until it was scored and nothing ran any more.
 *
 * @param teachers how many pods there could be
 * @param backlog records
 */
record ScalingCurve(int teachers, int backlog, List<Sample> samples) {

    /**
     * One look.
     *
     * @param seconds since the backlog was there
     * @param lag records that are not committed
     * @param pods that the stateful set has
     * @param ready processes that are ready
     */
    record Sample(double seconds, long lag, int pods, long ready) {}

    int mostPods() {
        return samples.stream().mapToInt(Sample::pods).max().orElse(0);
    }

    /** Records per second between a tenth and nine tenths of the backlog. */
    double throughput() {
        Sample from = samples.stream()
                .filter(sample -> sample.lag() < 0.9 * backlog)
                .findFirst()
                .orElseThrow();
        Sample to = samples.stream()
                .filter(sample -> sample.lag() < 0.1 * backlog)
                .findFirst()
                .orElseThrow();
        return (from.lag() - to.lag()) / (to.seconds() - from.seconds());
    }

    /** Writes curves as {@code scaling.png} and {@code scaling.csv}. */
    static void write(List<ScalingCurve> curves, Path folder) throws IOException {
        List<String> lines = new ArrayList<>(List.of("teachers,seconds,lag,pods,ready"));
        List<XYChart> charts = new ArrayList<>();
        for (ScalingCurve curve : curves) {
            for (Sample sample : curve.samples()) {
                lines.add("%d,%.1f,%d,%d,%d"
                        .formatted(curve.teachers(), sample.seconds(), sample.lag(), sample.pods(), sample.ready()));
            }
            charts.add(curve.chart());
        }
        Files.write(folder.resolve("scaling.csv"), lines);
        BitmapEncoder.saveBitmap(
                charts, charts.size(), 1, folder.resolve("scaling").toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(260)
                .title(String.format(
                        Locale.ROOT,
                        "at most %d teacher%s: %.0f records per second",
                        teachers,
                        teachers == 1 ? "" : "s",
                        throughput()))
                .xAxisTitle("seconds since the backlog")
                .yAxisTitle("lag, records")
                .build();
        chart.setYAxisGroupTitle(1, "pods");
        chart.getStyler().setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
        chart.getStyler().setYAxisMin(1, 0.0).setYAxisMax(1, 5.0);
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setLegendPosition(Styler.LegendPosition.OutsideE);
        double[] seconds = samples.stream().mapToDouble(Sample::seconds).toArray();
        line(chart, "lag", seconds, samples.stream().mapToDouble(Sample::lag).toArray(), 0, Color.DARK_GRAY);
        line(
                chart,
                "pods wanted",
                seconds,
                samples.stream().mapToDouble(Sample::pods).toArray(),
                1,
                Color.ORANGE);
        line(
                chart,
                "pods ready",
                seconds,
                samples.stream().mapToDouble(Sample::ready).toArray(),
                1,
                Color.BLUE);
        return chart;
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, int axis, Color color) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setYAxisGroup(axis);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(color);
        series.setXYSeriesRenderStyle(
                axis == 0 ? XYSeries.XYSeriesRenderStyle.Line : XYSeries.XYSeriesRenderStyle.Step);
    }
}
