package dev.murmuration.weights.caffe;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.murmuration.weights.TensorEntry;
import dev.murmuration.weights.TensorType;
import dev.murmuration.weights.WeightsException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the blobs in Caffe's protocol buffers, by the field numbers of its public {@code caffe.proto}: a {@code NetParameter} has
 * its layers in field 100 or, until 2014, in field 2; a {@code BlobProto} has its shape in field 7 or, until 2014, four
 * dimensions in fields 1 to 4, its values in field 5 (floats) or 8 (doubles). Values are skipped, not read, and what is kept is
 * never larger than what was read.
 */
final class CaffeParser {

    private static final int MAX_LAYERS = 10_000;
    private static final int MAX_BLOBS = 64;
    private static final int MAX_NAME_BYTES = 1_000;
    private static final int MAX_DIMENSIONS = 32;

    private final String file;
    private final long fileBytes;
    private final CodedInputStream in;
    private final SequencedMap<String, CaffeBlob> blobs = new LinkedHashMap<>();
    private final List<String> layers = new ArrayList<>();
    private String where = "the network";

    /**
     * The contents of a file.
     *
     * @param blobs every tensor by name
     * @param layers names of all layers in order, with and without tensors
     */
    record Parsed(SequencedMap<String, CaffeBlob> blobs, List<String> layers) {}

    /** Handles a field; returns false to skip it. */
    private interface Fields {
        boolean read(int number, int wireType) throws IOException;
    }

    private CaffeParser(String file, FileChannel channel) throws IOException {
        this.file = file;
        this.fileBytes = channel.size();
        if (fileBytes > Integer.MAX_VALUE) {
            throw new WeightsException(
                    "%s: %d bytes; a protocol buffer has at most %d".formatted(file, fileBytes, Integer.MAX_VALUE));
        }
        channel.position(0);
        this.in = CodedInputStream.newInstance(Channels.newInputStream(channel));
        in.setSizeLimit(Integer.MAX_VALUE);
    }

    /** Reads a {@code NetParameter}. */
    static Parsed network(String file, FileChannel channel) throws IOException {
        return new CaffeParser(file, channel)
                .guarded(parser -> parser.fields((number, wireType) -> {
                    if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                        return false;
                    }
                    return switch (number) {
                        case 2 -> parser.layer(4, 6);
                        case 100 -> parser.layer(1, 7);
                        default -> false;
                    };
                }));
    }

    /** Reads a single {@code BlobProto} as the tensor {@code mean}. */
    static Parsed mean(String file, FileChannel channel) throws IOException {
        return new CaffeParser(file, channel).guarded(parser -> {
            parser.where = "tensor mean";
            Blob blob = parser.new Blob();
            parser.fields(blob);
            parser.add("mean", blob);
        });
    }

    private interface Reading {
        void by(CaffeParser parser) throws IOException;
    }

    private Parsed guarded(Reading reading) throws IOException {
        try {
            reading.by(this);
        } catch (InvalidProtocolBufferException e) {
            throw new WeightsException("%s: damaged or truncated in %s: %s".formatted(file, where, e.getMessage()), e);
        }
        if (blobs.isEmpty()) {
            throw new WeightsException("%s: contains no tensors, so it is not a file of Caffe".formatted(file));
        }
        return new Parsed(blobs, List.copyOf(layers));
    }

    private void fields(Fields wanted) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!wanted.read(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag))) {
                in.skipField(tag);
            }
        }
    }

    private void message(Fields wanted) throws IOException {
        int outer = in.pushLimit(length());
        fields(wanted);
        if (in.getBytesUntilLimit() != 0) {
            throw truncated();
        }
        in.popLimit(outer);
    }

    /** A length that the file has room for. */
    private int length() throws IOException {
        int length = in.readRawVarint32();
        if (length < 0 || length > fileBytes - in.getTotalBytesRead()) {
            throw truncated();
        }
        return length;
    }

    private boolean layer(int nameField, int blobsField) throws IOException {
        where = "layer %d".formatted(layers.size() + 1);
        if (layers.size() >= MAX_LAYERS) {
            throw new WeightsException("%s: more than %d layers".formatted(file, MAX_LAYERS));
        }
        String[] name = {""};
        List<Blob> found = new ArrayList<>();
        message((number, wireType) -> {
            if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                return false;
            }
            if (number == nameField) {
                name[0] = text();
                where = "layer %s".formatted(name[0]);
                return true;
            }
            if (number == blobsField) {
                if (found.size() == MAX_BLOBS) {
                    throw new WeightsException("%s: %s has more than %d blobs".formatted(file, where, MAX_BLOBS));
                }
                Blob blob = new Blob();
                found.add(blob);
                message(blob);
                return true;
            }
            return false;
        });
        layers.add(name[0]);
        for (int i = 0; i < found.size(); i++) {
            add(name[0] + "/" + (i == 0 ? "weight" : i == 1 ? "bias" : "blob" + i), found.get(i));
        }
        return true;
    }

    private void add(String name, Blob blob) throws WeightsException {
        if (blobs.put(name, blob.checked(name)) != null) {
            throw new WeightsException("%s: tensor %s occurs twice".formatted(file, name));
        }
    }

    private String text() throws IOException {
        int bytes = length();
        if (bytes > MAX_NAME_BYTES) {
            throw new WeightsException("%s: a name of %d bytes in %s".formatted(file, bytes, where));
        }
        return new String(in.readRawBytes(bytes), StandardCharsets.UTF_8);
    }

    private WeightsException truncated() {
        return new WeightsException("%s: truncated in %s".formatted(file, where));
    }

    /** A {@code BlobProto} while its fields are being read. */
    private final class Blob implements Fields {

        private final CaffeBlob.Values floats = new CaffeBlob.Values(TensorType.F32);
        private final CaffeBlob.Values doubles = new CaffeBlob.Values(TensorType.F64);
        private final long[] legacy = new long[4];
        private boolean isLegacy;
        private @Nullable List<Long> shape;

        @Override
        public boolean read(int number, int wireType) throws IOException {
            return switch (number) {
                case 1, 2, 3, 4 -> dimension(number, wireType);
                case 5 -> values(floats, wireType, WireFormat.WIRETYPE_FIXED32);
                case 7 -> shape(wireType);
                case 8 -> values(doubles, wireType, WireFormat.WIRETYPE_FIXED64);
                default -> false;
            };
        }

        private boolean dimension(int number, int wireType) throws IOException {
            if (wireType != WireFormat.WIRETYPE_VARINT) {
                return false;
            }
            legacy[number - 1] = in.readInt64();
            isLegacy = true;
            return true;
        }

        private boolean shape(int wireType) throws IOException {
            if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                return false;
            }
            List<Long> dimensions = new ArrayList<>();
            message((number, type) -> {
                if (number == 1 && type == WireFormat.WIRETYPE_VARINT) {
                    dimension(dimensions);
                    return true;
                }
                if (number == 1 && type == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int outer = in.pushLimit(length());
                    while (in.getBytesUntilLimit() > 0) {
                        dimension(dimensions);
                    }
                    in.popLimit(outer);
                    return true;
                }
                return false;
            });
            shape = dimensions;
            return true;
        }

        private void dimension(List<Long> dimensions) throws IOException {
            dimensions.add(in.readInt64());
            if (dimensions.size() > MAX_DIMENSIONS) {
                throw new WeightsException(
                        "%s: a tensor of more than %d dimensions in %s".formatted(file, MAX_DIMENSIONS, where));
            }
        }

        private boolean values(CaffeBlob.Values values, int wireType, int single) throws IOException {
            int size = values.type().bytes();
            boolean fits;
            if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int length = length();
                if (length % size != 0) {
                    throw new WeightsException(
                            "%s: values of %d bytes in %s, not a multiple of %d".formatted(file, length, where, size));
                }
                fits = values.together(in.getTotalBytesRead(), length / size);
                in.skipRawBytes(length);
            } else if (wireType == single) {
                fits = values.single(in.getTotalBytesRead());
                in.skipRawBytes(size);
            } else {
                return false;
            }
            if (!fits) {
                throw new WeightsException(
                        "%s: the values of a tensor in %s are not contiguous".formatted(file, where));
            }
            return true;
        }

        /** As Caffe reads it: doubles if there are any; the old dimensions only if there is no shape, here without leading ones. */
        private CaffeBlob checked(String name) throws WeightsException {
            CaffeBlob.Values values = doubles.count() > 0 ? doubles : floats;
            List<Long> dimensions = shape != null ? shape : isLegacy ? withoutLeadingOnes() : List.of(values.count());
            long elements = 1;
            try {
                for (long dimension : dimensions) {
                    elements = Math.multiplyExact(elements, dimension);
                }
            } catch (ArithmeticException e) {
                throw new WeightsException("%s: tensor %s is too large: %s".formatted(file, name, dimensions), e);
            }
            if (dimensions.stream().anyMatch(dimension -> dimension < 0) || elements != values.count()) {
                throw new WeightsException(
                        "%s: tensor %s of %s has %d values".formatted(file, name, dimensions, values.count()));
            }
            long begin = values.runs().isEmpty() ? 0 : values.runs().getFirst().begin();
            return new CaffeBlob(
                    new TensorEntry(
                            name,
                            values.type(),
                            dimensions,
                            begin,
                            begin + elements * values.type().bytes()),
                    values.runs());
        }

        private List<Long> withoutLeadingOnes() {
            int first = 0;
            while (first < legacy.length - 1 && legacy[first] == 1) {
                first++;
            }
            List<Long> dimensions = new ArrayList<>();
            for (int i = first; i < legacy.length; i++) {
                dimensions.add(legacy[i]);
            }
            return dimensions;
        }
    }
}
