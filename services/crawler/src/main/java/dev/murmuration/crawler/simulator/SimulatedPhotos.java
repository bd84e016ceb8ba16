package dev.murmuration.crawler.simulator;

import dev.murmuration.crawler.photo.Fetched;
import dev.murmuration.crawler.photo.PhotoSource;
import dev.murmuration.crawler.photo.PixelThreads;
import dev.murmuration.crawler.photo.Refusal.Reason;
import dev.murmuration.crawler.photo.Room;
import dev.murmuration.simulator.PhotoRenderer;
import dev.murmuration.simulator.SimulatedPhoto;
import dev.murmuration.simulator.World;
import java.util.Optional;

/** Draws the photo that an address of the simulated stream names. */
final class SimulatedPhotos implements PhotoSource {

    private final World world;
    private final PhotoRenderer renderer;
    private final PixelThreads painters = new PixelThreads(Runtime.getRuntime().availableProcessors());

    SimulatedPhotos(World world) {
        this.world = world;
        this.renderer = new PhotoRenderer(world);
    }

    @Override
    public Fetched fetch(String url, Room room) throws InterruptedException {
        Optional<SimulatedPhoto> photo = SimulatedPhoto.parse(url);
        if (photo.isEmpty()) {
            return Fetched.refused(Reason.BLOCKED, "not an address of the simulator");
        }
        // What is drawn is never larger than the picture itself.
        room.reserve(3L * world.photoSide() * world.photoSide());
        return painters.call(() -> renderer.bytes(photo.get())
                .<Fetched>map(Fetched.Body::new)
                .orElseGet(() -> Fetched.refused(Reason.MISSING, "the simulator has no such photo")));
    }
}
