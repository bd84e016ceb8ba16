package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.pipeline.LagHistory;
import dev.murmuration.console.pipeline.PipelineState;
import dev.murmuration.console.rejection.RejectedPhoto;
import dev.murmuration.console.rejection.RejectionLog;
import dev.murmuration.console.wall.LabelledPhoto;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages of what flows. A request by htmx gets the part that changes, any other the whole page. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class PageResource {

    static final int WALL_PHOTOS = 60;
    static final int EXAMPLES = 48;

    private final Console console;

    @Inject
    PageResource(Console console) {
        this.console = console;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {

        private Templates() {}

        static native TemplateInstance pipeline(PipelineState state, boolean live);

        static native TemplateInstance pipeline$stages(PipelineState state);

        static native TemplateInstance lag(List<LagHistory.Line> lines, String range);

        static native TemplateInstance wall(List<LabelledPhoto> photos, long labelled, boolean blur, boolean live);

        static native TemplateInstance wall$photos(List<LabelledPhoto> photos, long labelled);

        static native TemplateInstance rejections(RejectionsView view, boolean live);

        static native TemplateInstance rejections$counts(RejectionsView view);

        static native TemplateInstance rejected(
                String stage, String reason, List<RejectedPhoto> examples, boolean blur);

        static native TemplateInstance deadletters(DeadLettersView view);
    }

    /** The pipeline is the first page. */
    @GET
    public Response home() {
        return Response.seeOther(URI.create("/pipeline")).build();
    }

    /** The stages as a graph. */
    @GET
    @Path("pipeline")
    public TemplateInstance pipeline(
            @HeaderParam("HX-Request") @Nullable String part, @QueryParam("live") @DefaultValue("on") String live) {
        PipelineState state = console.pipeline();
        return part == null ? Templates.pipeline(state, isOn(live)) : Templates.pipeline$stages(state);
    }

    /** Lag over time. */
    @GET
    @Path("lag")
    public TemplateInstance lag(@QueryParam("range") @DefaultValue("hour") String range) {
        boolean day = range.equals("day");
        return Templates.lag(console.lag().lines(day), day ? "day" : "hour");
    }

    /** The newest labelled photos. */
    @GET
    @Path("wall")
    public TemplateInstance wall(
            @HeaderParam("HX-Request") @Nullable String part,
            @QueryParam("blur") @DefaultValue("on") String blur,
            @QueryParam("live") @DefaultValue("on") String live) {
        List<LabelledPhoto> photos = console.wall().newest(WALL_PHOTOS);
        long labelled = console.wall().labelled();
        return part == null
                ? Templates.wall(photos, labelled, isOn(blur), isOn(live))
                : Templates.wall$photos(photos, labelled);
    }

    /** What was refused, by stage and reason. */
    @GET
    @Path("rejections")
    public TemplateInstance rejections(
            @HeaderParam("HX-Request") @Nullable String part, @QueryParam("live") @DefaultValue("on") String live) {
        RejectionsView view = RejectionsView.of(console);
        return part == null ? Templates.rejections(view, isOn(live)) : Templates.rejections$counts(view);
    }

    /** The newest photos that a stage refused for a reason. */
    @GET
    @Path("rejections/{stage}/{reason}")
    public TemplateInstance rejected(
            @PathParam("stage") String stage,
            @PathParam("reason") String reason,
            @QueryParam("blur") @DefaultValue("on") String blur) {
        return Templates.rejected(stage, reason, examples(console, stage, reason, EXAMPLES), isOn(blur));
    }

    /** The newest dead letters. */
    @GET
    @Path("dead-letters")
    public TemplateInstance deadLetters() {
        return Templates.deadletters(DeadLettersView.of(console));
    }

    static List<RejectedPhoto> examples(Console console, String stage, String reason, int most) {
        List<RejectionLog.Refused> newest = console.rejections().newest(stage, reason, most);
        return newest.stream()
                .filter(refused -> !console.deletions().hasTweet(refused.tweetId()))
                .map(refused -> RejectedPhoto.of(refused, console.scoredTweets()))
                .toList();
    }

    private static boolean isOn(String value) {
        return !value.equals("off");
    }
}
