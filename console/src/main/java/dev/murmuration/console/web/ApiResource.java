package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.pipeline.LagHistory;
import dev.murmuration.console.pipeline.PipelineState;
import dev.murmuration.console.rejection.RejectedPhoto;
import dev.murmuration.console.track.Way;
import dev.murmuration.console.training.Accuracies;
import dev.murmuration.console.training.Runs;
import dev.murmuration.console.wall.LabelledPhoto;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.Config;

/** The figures of the pages as JSON. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ApiResource {

    private static final int MAX = 1000;

    private final Console console;
    private final Config config;

    @Inject
    ApiResource(Console console, Config config) {
        this.console = console;
        this.config = config;
    }

    /** The stages. */
    @GET
    @Path("pipeline")
    public PipelineState pipeline() {
        return console.pipeline();
    }

    /** Lag over time: {@code range} is hour or day. */
    @GET
    @Path("lag")
    public List<LagHistory.Line> lag(@QueryParam("range") @DefaultValue("hour") String range) {
        return console.lag().lines(range.equals("day"));
    }

    /** The newest labelled photos. */
    @GET
    @Path("wall")
    public List<LabelledPhoto> wall(@QueryParam("limit") @DefaultValue("60") int limit) {
        return console.wall().newest(Math.clamp(limit, 0, MAX));
    }

    /** Rejections by stage and reason. */
    @GET
    @Path("rejections")
    public RejectionsView rejections() {
        return RejectionsView.of(console);
    }

    /** The newest rejections of a stage for a reason. */
    @GET
    @Path("rejections/{stage}/{reason}")
    public List<RejectedPhoto> rejected(@PathParam("stage") String stage, @PathParam("reason") String reason) {
        return PageResource.examples(console, stage, reason, PageResource.EXAMPLES);
    }

    /** One tweet, photo, shard or sample. */
    @GET
    @Path("track")
    public Way track(@QueryParam("q") @DefaultValue("") String asked) {
        return console.tracker().find(asked);
    }

    /** Data sets, and what thresholds make of the teacher's scores. */
    @GET
    @Path("datasets")
    public DataSetsView datasets(
            @QueryParam("negative") @DefaultValue("0.7") double negative,
            @QueryParam("neutral") @DefaultValue("0.7") double neutral,
            @QueryParam("positive") @DefaultValue("0.7") double positive) {
        return DataSetsView.of(console, negative, neutral, positive);
    }

    /** Checkpoints by run. */
    @GET
    @Path("runs")
    public List<Runs.Run> runs() {
        return console.runs().all();
    }

    /** Accuracies by benchmark and protocol. */
    @GET
    @Path("accuracies")
    public List<Accuracies.Benchmark> accuracies() {
        return console.accuracies().all();
    }

    /** The newest dead letters. */
    @GET
    @Path("dead-letters")
    public DeadLettersView deadLetters() {
        return DeadLettersView.of(console);
    }

    /** Topics, store, settings. Here and not beside the page: a path of this class is looked for in no other. */
    @GET
    @Path("operations")
    public OperationsView operations() throws ExecutionException, TimeoutException {
        return OperationsView.of(console, config);
    }
}
