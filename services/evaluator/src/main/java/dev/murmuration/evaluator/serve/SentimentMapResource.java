package dev.murmuration.evaluator.serve;

import dev.murmuration.evaluator.map.MapKind;
import dev.murmuration.evaluator.map.Picture;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Sentiment maps over HTTP. */
@Path("/sentiment-map")
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
public class SentimentMapResource {

    private static final int UNPROCESSABLE = 422;
    private static final int FINEST = 4;

    private final ModelServer serving;

    @Inject
    SentimentMapResource(ModelServer serving) {
        this.serving = serving;
    }

    /** Takes a photo as the body and returns its map as a PNG. */
    @POST
    @Blocking
    @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
    @Produces({"image/png", MediaType.APPLICATION_JSON})
    @Operation(
            summary = "Where in a photo the student sees positive (green) and negative (red)",
            description =
                    "kind is occlusion, window, rollout (ViT), patches (ViT that reads the mean of its patches) or convolution (VGG-19, Hybrid, CaffeNet); finer is cells along each side of a patch, 1 to 4")
    @APIResponse(
            responseCode = "200",
            description = "The map over the photo",
            content = @Content(mediaType = "image/png", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(
            responseCode = "422",
            description = "It is not a photo, damaged, too large or too small in pixels",
            content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "No student yet, or too many maps are being drawn: come again",
            content = @Content(schema = @Schema(implementation = PredictResource.Problem.class)))
    public Response draw(
            byte @Nullable [] photo,
            @RestQuery @DefaultValue("occlusion") String kind,
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "4", defaultValue = "1"))
                    @RestQuery
                    @DefaultValue("1")
                    String finer) {
        Optional<MapKind> wanted = MapKind.titled(kind);
        if (wanted.isEmpty() || !finer.matches("[1-" + FINEST + "]")) {
            return PredictResource.problem(
                    Response.Status.BAD_REQUEST,
                    "kind is one of %s, finer from 1 to %d".formatted(MapKind.titles(), FINEST));
        }
        if (photo == null || photo.length == 0) {
            return PredictResource.problem(Response.Status.BAD_REQUEST, "no photo in the body");
        }
        try {
            return Response.ok(Picture.png(serving.explain(photo, wanted.get(), Integer.parseInt(finer))
                            .overlay()))
                    .type("image/png")
                    .build();
        } catch (UnavailableException e) {
            return PredictResource.unavailable(e);
        } catch (IOException e) {
            return Response.status(UNPROCESSABLE)
                    .type(MediaType.APPLICATION_JSON)
                    .entity(new PredictResource.Problem(String.valueOf(e.getMessage())))
                    .build();
        }
    }
}
