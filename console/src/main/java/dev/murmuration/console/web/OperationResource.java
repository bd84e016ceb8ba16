package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.operation.PredictClient;
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
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.Config;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Pages for a look at what is set and used, and for a photo of one's own. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class OperationResource {

    @CheckedTemplate(basePath = "")
    static final class Templates {

        private Templates() {}

        static native TemplateInstance operations(OperationsView view);

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
        return Templates.operations(OperationsView.of(console, config));
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
