package dev.murmuration.filter.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.murmuration.filter.version.ParquetFile.Column;
import dev.murmuration.filter.version.ParquetFile.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read by a reader that others wrote; tools/check_export.py asks pyarrow and DuckDB too. */
class ParquetFileTest {

    private static final List<Column> COLUMNS = List.of(
            new Column("text", Kind.TEXT),
            new Column("whole", Kind.INTEGER),
            new Column("number", Kind.NUMBER),
            new Column("time", Kind.TIME));

    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenInSeveralGroupsIsReadInItsOrder() throws Exception {
        Path path = folder.resolve("t.parquet");
        List<List<Object>> first = List.of(
                List.of("", 0, 0.0, 0L),
                List.of("héllo \uD83D\uDE00", Integer.MIN_VALUE, Double.MIN_VALUE, 1_764_547_200_123L));
        List<List<Object>> second = List.of(List.of("x".repeat(100_000), Integer.MAX_VALUE, -1e300, -1L));

        try (ParquetFile file = new ParquetFile(path, COLUMNS)) {
            file.write(first);
            file.write(List.of());
            file.write(second);
        }

        assertThat(read(path)).containsExactly(first.getFirst(), first.getLast(), second.getFirst());
    }

    @Test
    void aTableWithoutRowsHasItsColumns() throws Exception {
        Path path = folder.resolve("t.parquet");
        new ParquetFile(path, COLUMNS).close();

        assertThat(read(path)).isEmpty();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(path))) {
            assertThat(reader.getFileMetaData().schema()).hasSize(1 + COLUMNS.size());
        }
    }

    private static List<List<Object>> read(Path path) throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(path));
                RowReader row = reader.rowReader()) {
            while (row.hasNext()) {
                row.next();
                Instant time = row.getTimestamp("time");
                rows.add(List.of(
                        row.getString("text"), row.getInt("whole"), row.getDouble("number"), time.toEpochMilli()));
            }
        }
        return rows;
    }
}
