package dev.murmuration.filter.shard;

import dev.murmuration.schemas.Image;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import java.util.concurrent.Semaphore;

/**
 * Fetches photos from the object store and brings them into form. Safe for use by several threads; few decode at once, since a
 * decoded photo is large.
 */
final class Photos {

    private final ObjectStore store;
    private final PhotoForm form;
    private final Semaphore decoders;

    Photos(ObjectStore store, PhotoForm form, int decoders) {
        this.store = store;
        this.form = form;
        this.decoders = new Semaphore(decoders);
    }

    Photo fetch(Image image) throws InterruptedException {
        return switch (store.get(image.getKey(), image.getSha256())) {
            case Fetched.Found<byte[]>(byte[] file) -> formed(image, file);
            case Fetched.Missing<byte[]> missing ->
                new Photo.Lost(Photo.Lost.MISSING, image.getKey() + " is not in the object store");
            case Fetched.Damaged<byte[]>(String detail) -> new Photo.Lost(Photo.Lost.CORRUPT, detail);
        };
    }

    private Photo formed(Image image, byte[] file) throws InterruptedException {
        decoders.acquire();
        try {
            return form.of(image, file);
        } finally {
            decoders.release();
        }
    }
}
