package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.pipeline.LagHistory;
import dev.murmuration.console.pipeline.PipelineState;
import dev.murmuration.console.rejection.RejectedPhoto;
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

/** The figures of the pages as JSON. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ApiResource {

    private static final int MAX = 1000;

    private final Console console;

    @Inject
    ApiResource(Console console) {
        this.console = console;
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

    /** The newest dead letters. */
    @GET
    @Path("dead-letters")
    public DeadLettersView deadLetters() {
        return DeadLettersView.of(console);
    }
}
