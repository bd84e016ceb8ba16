package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.operation.PredictClient;
import dev.murmuration.console.operation.StoreUse;
import dev.murmuration.console.operation.TopicUse;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Pages for a look at what is set and used, and for a photo of one's own. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class OperationResource {

    /** None of them is a secret. */
    private static final List<String> SHOWN = List.of(
            "kafka.bootstrap.servers",
            "kafka.security.protocol",
            "registry.url",
            "s3.endpoint",
            "s3.bucket",
            "quarkus.http.host",
            "quarkus.http.port",
            "http.allowed-hosts",
            "console.history",
            "console.interval",
            "console.scored-tweets",
            "console.thumbnails",
            "console.wall-photos",
            "console.services.crawler",
            "console.services.teacher",
            "console.services.filter",
            "console.services.trainer",
            "console.services.evaluator");

    /**
     * A setting in force.
     *
     * @param name of the setting
     * @param value of it; empty if it is not set
     * @param source where it was set
     */
    public record Setting(String name, String value, String source) {}

    /**
     * What is set and used.
     *
     * @param topics of the pipeline
     * @param store prefixes of the object store
     * @param settings of this console
     * @param undecodable records that this console could not decode
     */
    public record Operations(List<TopicUse> topics, List<StoreUse> store, List<Setting> settings, long undecodable) {}

    @CheckedTemplate(basePath = "")
    static final class Templates {

        private Templates() {}

        static native TemplateInstance operations(Operations view);

        static native TemplateInstance tryit(String address, PredictClient.@Nullable Answer answer);
    }

    private final Console console;
    private final Config config;

    @Inject
    OperationResource(Console console, Config config) {
        this.console = console;
        this.config = config;
    }

    /** Topics, store, settings. */
    @GET
    @Path("operations")
    public TemplateInstance operations() throws ExecutionException, TimeoutException {
        return Templates.operations(view());
    }

    /** The same as JSON. */
    @GET
    @Path("api/operations")
    @Produces(MediaType.APPLICATION_JSON)
    public Operations json() throws ExecutionException, TimeoutException {
        return view();
    }

    private Operations view() throws ExecutionException, TimeoutException {
        List<Setting> settings = new ArrayList<>();
        for (String name : SHOWN) {
            ConfigValue value = config.getConfigValue(name);
            settings.add(new Setting(
                    name,
                    value.getValue() == null ? "" : value.getValue(),
                    value.getSourceName() == null ? "default" : value.getSourceName()));
        }
        return new Operations(
                TopicUse.all(console.kafka()), StoreUse.all(console.store()), settings, console.undecodable());
    }

    /** A form for a photo. */
    @GET
    @Path("try")
    public TemplateInstance tryIt() {
        return Templates.tryit(console.predict().address(), null);
    }

    /** What the student says of it. Nothing is kept, and a page of another origin is refused by its {@code Origin}. */
    @POST
    @Path("try")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public TemplateInstance tried(@RestForm("photo") @Nullable FileUpload photo) throws IOException {
        PredictClient.Answer answer = photo == null || photo.size() == 0
                ? new PredictClient.Answer(null, List.of(), "no photo in the form")
                : console.predict().ask(Files.readAllBytes(photo.uploadedFile()));
        return Templates.tryit(console.predict().address(), answer);
    }
}
