package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.track.Way;
import dev.murmuration.console.training.Accuracies;
import dev.murmuration.console.training.Runs;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages of what comes of the stream: one tweet's way, data sets, runs, accuracies. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class StudyResource {

    private final Console console;

    @Inject
    StudyResource(Console console) {
        this.console = console;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {

        private Templates() {}

        static native TemplateInstance track(String asked, @Nullable Way way);

        static native TemplateInstance datasets(DataSetsView view);

        static native TemplateInstance datasets$sets(DataSetsView view);

        static native TemplateInstance runs(List<Runs.Run> runs);

        static native TemplateInstance runs$table(List<Runs.Run> runs);

        static native TemplateInstance accuracies(List<Accuracies.Benchmark> benchmarks);
    }

    /** One tweet, photo, shard or sample. */
    @GET
    @Path("track")
    public TemplateInstance track(@QueryParam("q") @DefaultValue("") String asked) {
        return Templates.track(asked, asked.isBlank() ? null : console.tracker().find(asked));
    }

    /** Data sets, and what other thresholds would take. */
    @GET
    @Path("datasets")
    public TemplateInstance datasets(
            @HeaderParam("HX-Request") @Nullable String part,
            @QueryParam("negative") @DefaultValue("0.7") double negative,
            @QueryParam("neutral") @DefaultValue("0.7") double neutral,
            @QueryParam("positive") @DefaultValue("0.7") double positive) {
        DataSetsView view = DataSetsView.of(console, negative, neutral, positive);
        return part == null ? Templates.datasets(view) : Templates.datasets$sets(view);
    }

    /** Runs over their steps. */
    @GET
    @Path("runs")
    public TemplateInstance runs(@HeaderParam("HX-Request") @Nullable String part) {
        List<Runs.Run> runs = console.runs().all();
        return part == null ? Templates.runs(runs) : Templates.runs$table(runs);
    }

    /** Benchmarks over the steps of runs. */
    @GET
    @Path("accuracies")
    public TemplateInstance accuracies() {
        return Templates.accuracies(console.accuracies().all());
    }
}
