package dev.murmuration.evaluator;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Class probabilities of photos, by HTTP. */
@Path("/predict")
@Produces(MediaType.APPLICATION_JSON)
public class PredictResource {

    private static final int UNPROCESSABLE = 422;

    private final Serving serving;
    private final EvaluatorSettings settings;

    @Inject
    PredictResource(Serving serving, EvaluatorSettings settings) {
        this.serving = serving;
        this.settings = settings;
    }

    /**
     * What the student says of one photo.
     *
     * @param name of the file, where it has one
     * @param negative its probability; null where the photo cannot be shown
     * @param neutral likewise
     * @param positive likewise
     * @param label the most probable class
     * @param problem why the photo cannot be shown; null where it can
     */
    @Schema(name = "Scores")
    public record Scores(
            String name,
            @Nullable Double negative,
            @Nullable Double neutral,
            @Nullable Double positive,
            @Nullable String label,
            @Nullable String problem) {}

    /**
     * The answer to a request.
     *
     * @param model which student answered
     * @param photos in the order of the request
     */
    @Schema(name = "Predictions")
    public record Predictions(String model, List<Scores> photos) {}

    /**
     * Why there is no answer.
     *
     * @param problem for a person
     */
    @Schema(name = "Problem")
    public record Problem(String problem) {}

    /** One photo as the request's body. */
    @POST
    @Blocking
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
    @Operation(summary = "Class probabilities of one photo (JPEG, PNG, WebP, GIF), which is the body")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = Predictions.class)),
            description = "The probabilities")
    @APIResponse(responseCode = "413", description = "The photo's file is too large")
    @APIResponse(responseCode = "422", description = "It is no photo, damaged, too large or too small in pixels")
    @APIResponse(responseCode = "503", description = "No student yet, or too many photos are waiting: come again")
    public Response one(byte @Nullable [] photo) {
        if (photo == null || photo.length == 0) {
            return problem(Response.Status.BAD_REQUEST, "no photo in the body");
        }
        try {
            Serving.Answers answers = serving.predict(List.of(photo));
            Serving.Answer answer = answers.photos().getFirst();
            Response.ResponseBuilder response = answer.prediction().isPresent()
                    ? Response.ok()
                    : answer.refused()
                            ? Response.status(UNPROCESSABLE)
                            : Response.status(Response.Status.SERVICE_UNAVAILABLE);
            return response.entity(new Predictions(answers.model(), List.of(scores("", answer))))
                    .build();
        } catch (Serving.UnavailableException e) {
            return unavailable(e);
        }
    }

    /** Many photos as the files of a form. */
    @POST
    @Blocking
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(summary = "Class probabilities of many photos, which are the files of a form; each has its own answer")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = Predictions.class)),
            description =
                    "In the order of the form; a photo that cannot be shown has a problem instead of probabilities")
    @APIResponse(responseCode = "400", description = "No photo")
    @APIResponse(responseCode = "413", description = "Too many photos, or too many bytes")
    @APIResponse(responseCode = "503", description = "No student yet, or too many photos are waiting: come again")
    public Response many(@RestForm(FileUpload.ALL) List<FileUpload> files) throws IOException {
        if (files.isEmpty()) {
            return problem(Response.Status.BAD_REQUEST, "no file in the form");
        }
        if (files.size() > settings.serve().maxImages()) {
            return problem(
                    Response.Status.REQUEST_ENTITY_TOO_LARGE,
                    "%d photos, more than evaluator.serve.max-images = %d"
                            .formatted(files.size(), settings.serve().maxImages()));
        }
        List<byte[]> photos = new ArrayList<>();
        for (FileUpload file : files) {
            photos.add(Files.readAllBytes(file.uploadedFile()));
        }
        try {
            Serving.Answers answers = serving.predict(photos);
            List<Scores> scores = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                scores.add(scores(
                        String.valueOf(files.get(i).fileName()),
                        answers.photos().get(i)));
            }
            return Response.ok(new Predictions(answers.model(), scores)).build();
        } catch (Serving.UnavailableException e) {
            return unavailable(e);
        }
    }

    private static Scores scores(String name, Serving.Answer answer) {
        return answer.prediction()
                .map(p -> new Scores(
                        name,
                        p.negative(),
                        p.neutral(),
                        p.positive(),
                        p.mostProbable().toString(),
                        null))
                .orElseGet(() -> new Scores(name, null, null, null, null, answer.problem()));
    }

    static Response unavailable(Serving.UnavailableException e) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, 1)
                .type(MediaType.APPLICATION_JSON)
                .entity(new Problem(String.valueOf(e.getMessage())))
                .build();
    }

    static Response problem(Response.StatusType status, String problem) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(new Problem(problem))
                .build();
    }
}
