package dev.murmuration.evaluator.benchmark;

import static dev.murmuration.schemas.Sentiment.negative;
import static dev.murmuration.schemas.Sentiment.neutral;
import static dev.murmuration.schemas.Sentiment.positive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.evaluator.benchmark.BenchmarkIndex.Row;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkIndexTest {

    @Test
    void takesOneForPositiveWhereThereIsNoTwo() throws BenchmarkException {
        assertThat(parse("path,class\na.jpg,0\nb.jpg,1\n").rows())
                .containsExactly(new Row("a.jpg", negative), new Row("b.jpg", positive));
    }

    @Test
    void takesOneForNeutralWhereThereIsATwo() throws BenchmarkException {
        assertThat(parse("path,class\na.jpg,0\nb.jpg,1\nc.jpg,2\n").rows())
                .containsExactly(new Row("a.jpg", negative), new Row("b.jpg", neutral), new Row("c.jpg", positive));
    }

    @Test
    void takesZeroAndTwoForNegativeAndPositive() throws BenchmarkException {
        assertThat(parse("path,class\na.jpg,2\nb.jpg,0\n").rows())
                .containsExactly(new Row("a.jpg", positive), new Row("b.jpg", negative));
    }

    @Test
    void takesOneForNeutralWhereTheSettingSaysThree() throws BenchmarkException {
        byte[] csv = "path,class\na.jpg,1\n".getBytes(StandardCharsets.UTF_8);

        assertThat(BenchmarkIndex.parse("b", csv, LabelScheme.THREE, 10).rows())
                .containsExactly(new Row("a.jpg", neutral));
        assertThat(BenchmarkIndex.parse("b", csv, LabelScheme.TWO, 10).rows())
                .containsExactly(new Row("a.jpg", positive));
    }

    @Test
    void readsQuotesByteOrderMarksFurtherColumnsAndAnyOrder() throws BenchmarkException {
        assertThat(parse("\ufeffid,class,path\r\n1,0,\"a, \"\"b\"\".jpg\"\r\n\r\n2,1,sub/c.jpg")
                        .rows())
                .containsExactly(new Row("a, \"b\".jpg", negative), new Row("sub/c.jpg", positive));
    }

    @Test
    void countsRowsThatRepeatAPhoto() throws BenchmarkException {
        BenchmarkIndex index = parse("path,class\na.jpg,0\na.jpg,0\nb.jpg,1\na.jpg,1\n");

        assertThat(index.rows()).hasSize(4);
        assertThat(index.repeated()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path,class\\na.jpg,3         | line 2: class 3",
                "path,class\\na.jpg,0\\nb.jpg | line 3 has 1 columns",
                "path,class\\n../a.jpg,0      | line 2: ../a.jpg",
                "path,class\\n/a.jpg,0        | line 2: /a.jpg",
                "path,class\\na/../../b.jpg,0 | line 2: a/../../b.jpg",
                "path,class\\na\\\\b.jpg,0    | line 2: a\\b.jpg",
                "path,class\\n                | lists no photo",
                "file,label\\na.jpg,0         | no header with the columns path and class",
                "''                           | no header",
            })
    void namesTheLineThatIsWrong(String csv, String problem) {
        String lines = csv.replace("\\\\", "\0").replace("\\n", "\n").replace('\0', '\\');

        assertThatThrownBy(() -> parse(lines))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("benchmark b:")
                .hasMessageContaining(problem.replace("\\\\", "\\"));
    }

    @Test
    void takesAsManyRowsAsTheLimitAndNotOneMore() throws BenchmarkException {
        String ten = "path,class" + "\na.jpg,0".repeat(10);

        assertThat(parse(ten).rows()).hasSize(10);
        assertThatThrownBy(() -> parse(ten + "\na.jpg,0")).hasMessageContaining("max-rows = 10");
    }

    private static BenchmarkIndex parse(String csv) throws BenchmarkException {
        return BenchmarkIndex.parse("b", csv.getBytes(StandardCharsets.UTF_8), LabelScheme.AUTO, 10);
    }
}
