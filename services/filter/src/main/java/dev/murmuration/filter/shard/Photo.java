package dev.murmuration.filter.shard;

import dev.murmuration.photo.PhotoException;

/** A photo on its way into a shard. */
sealed interface Photo {

    /** As a shard holds it. */
    final class Ready implements Photo {
        private final byte[] jpeg;
        private final boolean isOriginal;

        Ready(byte[] jpeg, boolean isOriginal) {
            this.jpeg = jpeg;
            this.isOriginal = isOriginal;
        }

        /** Its bytes, not to be changed. */
        byte[] jpeg() {
            return jpeg;
        }

        /** Whether they are the bytes that were crawled. */
        boolean isOriginal() {
            return isOriginal;
        }
    }

    /** It cannot be in any shard; reason and detail as in a rejection. */
    record Lost(String reason, String detail) implements Photo {

        static final String MISSING = "image-missing";
        static final String CORRUPT = "image-corrupt";
        static final String UNPROCESSABLE = "unprocessable";
        static final String TOO_SMALL = "image-too-small";

        static String reason(PhotoException.Reason reason) {
            return switch (reason) {
                case CORRUPT -> CORRUPT;
                case UNSUPPORTED -> "image-unsupported";
                case TOO_LARGE -> "image-too-large";
                case TOO_SMALL -> TOO_SMALL;
                case TIMEOUT -> "image-timeout";
            };
        }
    }
}
