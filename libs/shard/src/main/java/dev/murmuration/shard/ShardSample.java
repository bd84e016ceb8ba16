package dev.murmuration.shard;

import java.util.Map;
import java.util.Optional;

/**
 * A sample as a shard has it.
 *
 * @param key what its files are named by; a {@link SampleKey} in every shard that was packed here
 * @param index its place in the shard, from 0
 * @param files their bytes by extension, for example {@code jpg}
 */
public record ShardSample(String key, int index, Map<String, byte[]> files) {

    /** The photo. */
    public static final String PHOTO = "jpg";
    /** What is known about the photo. */
    public static final String DESCRIPTION = "json";
    /** Index of the class in one digit: 0 negative, 1 neutral, 2 positive. */
    public static final String LABEL = "cls";

    /** The photo, unless it is missing. */
    public Optional<byte[]> photo() {
        return Optional.ofNullable(files.get(PHOTO));
    }

    /** The description in JSON, unless it is missing. */
    public Optional<byte[]> description() {
        return Optional.ofNullable(files.get(DESCRIPTION));
    }

    /** The class, unless it is missing. */
    public Optional<byte[]> label() {
        return Optional.ofNullable(files.get(LABEL));
    }
}
