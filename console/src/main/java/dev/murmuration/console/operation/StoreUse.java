package dev.murmuration.console.operation;

import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import java.util.List;

/**
 * What lies under a prefix of the object store.
 *
 * @param prefix of the keys
 * @param objects how many
 * @param bytes in them
 */
public record StoreUse(String prefix, long objects, long bytes) {

    private static final List<String> COUNTED =
            List.of("shards/", "checkpoints/", "models/", "benchmarks/", "redactions/");

    /** The prefixes that hold few objects. Not {@code images/}, which may hold millions: listing them takes a request per thousand. */
    public static List<StoreUse> all(ObjectStore store) {
        return COUNTED.stream()
                .map(prefix -> {
                    List<StoredObject> objects = store.list(prefix);
                    return new StoreUse(
                            prefix,
                            objects.size(),
                            objects.stream().mapToLong(StoredObject::bytes).sum());
                })
                .toList();
    }
}
