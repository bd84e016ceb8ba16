package dev.murmuration.filter.lineage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.stage.store.Fetched;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Which checkpoints had learned samples that were erased afterwards: an object in the store for each erasure, without whose
 * samples they were.
 */
public final class ErasureMarks {

    /** What the keys of these objects start with. */
    public static final String PREFIX = "erasures/";

    private static final ObjectMapper JSON = new ObjectMapper();

    private ErasureMarks() {}

    /**
     * The number of erased samples, by the checkpoint's SHA-256.
     *
     * @throws CommandException if an object is not such a mark
     */
    public static Map<String, Integer> read(Pipeline pipeline) {
        Map<String, Integer> marks = new HashMap<>();
        pipeline.store().list(PREFIX).forEach(object -> {
            if (pipeline.store().get(object.key()) instanceof Fetched.Found<byte[]>(byte[] bytes)) {
                try {
                    JSON.readTree(bytes)
                            .path("checkpoints")
                            .forEach(mark -> marks.merge(
                                    mark.path("sha256").asText(),
                                    mark.path("samples").asInt(),
                                    Integer::sum));
                } catch (IOException e) {
                    throw new CommandException(object.key() + " is not the mark of an erasure", e);
                }
            }
        });
        return marks;
    }
}
