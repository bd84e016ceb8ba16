package dev.murmuration.console.web;

import dev.murmuration.console.Console;
import dev.murmuration.console.photo.PhotoLink;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Small copies of photos, but not of deleted tweets. */
@Path("/photos")
public class PhotoResource {

    private final Console console;

    @Inject
    PhotoResource(Console console) {
        this.console = console;
    }

    /** A photo by its hash and ending. */
    @GET
    @Path("{name}")
    @Blocking
    public Response photo(@PathParam("name") String name) {
        Optional<String> key = PhotoLink.key(name);
        if (key.isEmpty()) {
            return Response.status(Response.Status.NOT_FOUND).build();
        }
        String sha256 = PhotoLink.sha256(name);
        if (console.deletions().hasPhoto(sha256)) {
            return Response.status(Response.Status.GONE).build();
        }
        return console.thumbnails()
                .get(key.get(), sha256)
                .map(jpeg -> Response.ok(jpeg, "image/jpeg"))
                .orElseGet(() -> Response.status(Response.Status.NOT_FOUND))
                .build();
    }
}
