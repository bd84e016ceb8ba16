package dev.murmuration.evaluator.serve;

import dev.murmuration.evaluator.EvaluatorSettings;
import dev.murmuration.evaluator.model.StudentIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestHeader;
import org.jspecify.annotations.Nullable;

/** Class probabilities of photos, by HTTP. */
@Path("/predict")
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(
        responseCode = "400",
        description = "The request is not as it must be",
        content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
@APIResponse(
        responseCode = "403",
        description = "A page of another origin sent it",
        content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
@APIResponse(
        responseCode = "408",
        description = "It did not arrive in time",
        content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
@APIResponse(
        responseCode = "413",
        description = "Too many bytes, or too many photos",
        content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
@APIResponse(
        responseCode = "415",
        description = "Its Content-Type is not one of those above",
        content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
@APIResponse(
        responseCode = "421",
        description = "The service is not asked by this name",
        content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
public class PredictResource {

    private static final int UNPROCESSABLE = 422;

    private final ModelServer serving;
    private final EvaluatorSettings settings;

    @Inject
    PredictResource(ModelServer serving, EvaluatorSettings settings) {
        this.serving = serving;
        this.settings = settings;
    }

    /**
     * The prediction for one photo.
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
            @Schema(nullable = true) @Nullable Double negative,
            @Schema(nullable = true) @Nullable Double neutral,
            @Schema(nullable = true) @Nullable Double positive,
            @Schema(nullable = true) @Nullable String label,
            @Schema(nullable = true) @Nullable String problem) {}

    /**
     * The response to a request.
     *
     * @param model the name of the student that answered
     * @param run of its checkpoint; null where its name stands for none that was announced
     * @param step likewise
     * @param sha256 of its checkpoint, else of its weights
     * @param photos in the order of the request
     */
    @Schema(name = "Predictions")
    public record Predictions(
            String model,
            @Schema(nullable = true) @Nullable String run,
            @Schema(nullable = true) @Nullable Long step,
            String sha256,
            List<Scores> photos) {

        static Predictions of(StudentIdentity student, List<Scores> photos) {
            return new Predictions(
                    student.name(), student.run().orElse(null), student.step().orElse(null), student.sha256(), photos);
        }
    }

    /**
     * The reason for an error status.
     *
     * @param problem for a person
     */
    @Schema(name = "Problem")
    public record Problem(String problem) {}

    /** A file of a form, for the description alone. */
    @Schema(name = "Photo", type = SchemaType.STRING, format = "binary")
    interface Photo {}

    /** One photo as the request's body. */
    @POST
    @Blocking
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
    @Operation(summary = "Class probabilities of one photo (JPEG, PNG, WebP, GIF), which is the body")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = Predictions.class)),
            description = "The probabilities")
    @APIResponse(
            responseCode = "422",
            content = @Content(schema = @Schema(implementation = Predictions.class)),
            description = "It is not a photo, damaged, too large or too small in pixels: its problem says which")
    @APIResponse(
            responseCode = "503",
            content = @Content(schema = @Schema(oneOf = {Problem.class, Predictions.class})),
            description = "No student yet, too many photos are waiting, or no answer in time: come again")
    public Response one(byte @Nullable [] photo) {
        if (photo == null || photo.length == 0) {
            return problem(Response.Status.BAD_REQUEST, "no photo in the body");
        }
        try {
            ModelServer.Answers answers = serving.predict(List.of(photo));
            ModelServer.Answer answer = answers.photos().getFirst();
            Response.ResponseBuilder response = answer.prediction().isPresent()
                    ? Response.ok()
                    : answer.refused()
                            ? Response.status(UNPROCESSABLE)
                            : Response.status(Response.Status.SERVICE_UNAVAILABLE);
            return response.entity(Predictions.of(answers.student(), List.of(scores("", answer))))
                    .build();
        } catch (UnavailableException e) {
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
    @APIResponse(
            responseCode = "503",
            content = @Content(schema = @Schema(implementation = Problem.class)),
            description = "No student yet, or too many photos are waiting: come again")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA,
                            schema =
                                    @Schema(
                                            type = SchemaType.OBJECT,
                                            properties = {
                                                @SchemaProperty(
                                                        name = "photo",
                                                        type = SchemaType.ARRAY,
                                                        implementation = Photo.class)
                                            })))
    public Response many(byte @Nullable [] body, @RestHeader(HttpHeaders.CONTENT_TYPE) String contentType) {
        try {
            MultipartPhotos form = MultipartPhotos.parse(
                    contentType,
                    body == null ? new byte[0] : body,
                    settings.serve().maxImages(),
                    "evaluator.serve.max-images");
            if (form.files().isEmpty()) {
                return problem(Response.Status.BAD_REQUEST, "no file in the form");
            }
            ModelServer.Answers answers = serving.predict(
                    form.files().stream().map(MultipartPhotos.File::bytes).toList());
            List<Scores> scores = new ArrayList<>();
            for (int i = 0; i < form.files().size(); i++) {
                scores.add(scores(form.files().get(i).name(), answers.photos().get(i)));
            }
            return Response.ok(Predictions.of(answers.student(), scores)).build();
        } catch (MultipartPhotos.FormException e) {
            return problem(
                    e.isTooMany() ? Response.Status.REQUEST_ENTITY_TOO_LARGE : Response.Status.BAD_REQUEST,
                    String.valueOf(e.getMessage()));
        } catch (UnavailableException e) {
            return unavailable(e);
        }
    }

    private static Scores scores(String name, ModelServer.Answer answer) {
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

    static Response unavailable(UnavailableException e) {
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
