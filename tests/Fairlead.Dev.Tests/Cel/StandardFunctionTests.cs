using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class StandardFunctionTests
{
    [Theory]
    [InlineData("size('héllo') == 5 && 'a😀b'.size() == 3 && size(b'é') == 2 && size([1]) == 1 && size({}) == 0")]
    [InlineData("int('42') == 42 && int(3.99) == 3 && int(-3.99) == -3 && int(7u) == 7")]
    [InlineData("uint(3) == 3u && uint('5') == 5u && uint(3.9) == 3u")]
    [InlineData("double(1) == 1.0 && double('1.5e3') == 1500.0 && double('-Inf') < 0.0")]
    [InlineData("string(1) == '1' && string(1.5) == '1.5' && string(true) == 'true' && string(b'abc') == 'abc' && string(2u) == '2'")]
    [InlineData("string(1e21) == '1e+21' && string(1234567.0) == '1.234567e+06' && string(0.0001) == '0.0001' && string(1e-7) == '1e-07'")]
    [InlineData("string(100000.0) == '100000' && string(-0.5) == '-0.5' && string(123.25) == '123.25' && string(0.0) == '0' && string(1.5e300) == '1.5e+300' && string(double('NaN')) == 'NaN'")]
    [InlineData("bytes('é') == b'\\xc3\\xa9'")]
    [InlineData("bool('true') && !bool('0')")]
    [InlineData("type(1) == int && type('a') == string && type([]) == list && type({}) == map && type(null) == null_type")]
    [InlineData("type(type(1)) == type && type(1u) == uint && type(1.0) == double && type(b'') == bytes && type(true) == bool")]
    [InlineData("type(timestamp(0)) == google.protobuf.Timestamp && type(duration('1s')) == google.protobuf.Duration")]
    [InlineData("type(self) == string ? self == '99%' : self == 42", "42")]
    [InlineData("type(self) == string ? self == '99%' : self == 42", "\"99%\"")]
    public void Conversions_give_the_named_type(string expression, string self = "null") => Assert.True(Expressions.IsTrue(expression, self));

    [Theory]
    [InlineData("int('x')")]
    [InlineData("int(' 1')")]
    [InlineData("int(1e30)")]
    [InlineData("int(double('NaN'))")]
    [InlineData("uint(-1)")]
    [InlineData("bool('yes')")]
    [InlineData("string(b'\\xff')")]
    [InlineData("double('abc')")]
    public void A_conversion_without_a_result_fails(string expression) => Expressions.EvaluationFault(expression);

    [Theory]
    [InlineData("'hello'.contains('ell') && 'hello'.startsWith('he') && 'hello'.endsWith('lo') && ''.contains('')")]
    [InlineData("'hello'.charAt(1) == 'e' && 'a😀b'.charAt(1) == '😀' && 'abc'.charAt(3) == ''")]
    [InlineData("'hello mellow'.indexOf('ello') == 1 && 'hello mellow'.indexOf('ello', 2) == 7 && 'hello'.indexOf('x') == -1")]
    [InlineData("'a😀b'.indexOf('b') == 2 && 'abc'.indexOf('') == 0 && 'abc'.indexOf('', 2) == 2")]
    [InlineData("'hello mellow'.lastIndexOf('ello') == 7 && 'hello mellow'.lastIndexOf('ello', 6) == 1 && 'abc'.lastIndexOf('') == 3")]
    [InlineData("'TacoCÆt'.lowerAscii() == 'tacocÆt' && 'tacocæt'.upperAscii() == 'TACOCæT'")]
    [InlineData("'hello hello'.replace('he', 'we') == 'wello wello' && 'hello hello'.replace('he', 'we', 1) == 'wello hello'")]
    [InlineData("'abc'.replace('', '-') == '-a-b-c-' && 'abc'.replace('b', '', 0) == 'abc'")]
    [InlineData("'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'a,b'.split(',', 0) == []")]
    [InlineData("'abc'.split('') == ['a', 'b', 'c'] && ''.split(',') == [''] && 'abc'.split(',', -1) == ['abc']")]
    [InlineData("['a', 'b'].join('-') == 'a-b' && ['a', 'b'].join() == 'ab' && [].join(',') == ''")]
    [InlineData("'tacocat'.substring(4) == 'cat' && 'tacocat'.substring(0, 4) == 'taco' && 'a😀b'.substring(1, 2) == '😀' && 'abc'.substring(3) == ''")]
    [InlineData("'  \\ttrim\\n '.trim() == 'trim'")]
    [InlineData("strings.quote('a\"b\\n') == '\"a\\\\\"b\\\\n\"'")]
    public void Text_is_handled_by_code_points(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("'abc'.charAt(4)")]
    [InlineData("'abc'.charAt(-1)")]
    [InlineData("'abc'.substring(2, 1)")]
    [InlineData("'abc'.substring(4)")]
    [InlineData("'abc'.indexOf('a', 9)")]
    public void A_place_outside_a_text_is_out_of_range(string expression) =>
        Assert.Equal(CelErrorReason.IndexOutOfRange, Expressions.EvaluationFault(expression).Reason);

    [Theory]
    [InlineData("'%s is %d'.format(['x', 3])", "x is 3")]
    [InlineData("'%s %s'.format([[1, 2], {'a': true}])", "[1, 2] {a: true}")]
    [InlineData("'%.2f %f'.format([1.234, 1.0])", "1.23 1.000000")]
    [InlineData("'%.3e'.format([1234.6])", "1.235e+03")]
    [InlineData("'%b %o %x %X'.format([5, 8, 255, 255])", "101 10 ff FF")]
    [InlineData("'%x %X'.format(['hi', b'\\xab'])", "6869 AB")]
    [InlineData("'%b %x'.format([-5, -255])", "-101 -ff")]
    [InlineData("'%s %s'.format([null, duration('90s')])", "null 90s")]
    [InlineData("'100%%'.format([])", "100%")]
    public void Format_fills_in_its_clauses(string expression, string text) =>
        Assert.Equal(CelValue.Of(text), Expressions.Evaluate(expression));

    [Theory]
    [InlineData("'%d'.format(['x'])")]
    [InlineData("'%d'.format([])")]
    [InlineData("'%'.format([1])")]
    [InlineData("'%y'.format([1])")]
    [InlineData("'%.99999f'.format([1.0])")]
    public void A_clause_that_does_not_fit_fails(string expression) => Expressions.EvaluationFault(expression);

    [Theory]
    [InlineData("duration('1h30m') == duration('90m') && duration('-1.5s') == duration('-1500ms')")]
    [InlineData("duration('1h30m').getHours() == 1 && duration('1h30m').getMinutes() == 90 && duration('90s').getSeconds() == 90")]
    [InlineData("duration('1.234s').getMilliseconds() == 234")]
    [InlineData("string(duration('1h')) == '3600s' && string(duration('1.5s')) == '1.5s' && string(duration('-0.5s')) == '-0.5s'")]
    [InlineData("timestamp('2024-01-02T03:04:05Z') + duration('1h') == timestamp('2024-01-02T05:04:05+01:00')")]
    [InlineData("timestamp('2024-01-02T00:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('24h')")]
    [InlineData("timestamp('2024-01-02T03:04:05.678Z').getMilliseconds() == 678 && int(timestamp('1970-01-01T00:01:00Z')) == 60")]
    [InlineData("timestamp('2024-03-02T03:04:05Z').getFullYear() == 2024 && timestamp('2024-03-02T03:04:05Z').getMonth() == 2")]
    [InlineData("timestamp('2024-03-02T03:04:05Z').getDate() == 2 && timestamp('2024-03-02T03:04:05Z').getDayOfMonth() == 1")]
    [InlineData("timestamp('2024-03-03T03:04:05Z').getDayOfWeek() == 0 && timestamp('2024-01-01T00:00:00Z').getDayOfYear() == 0")]
    [InlineData("timestamp('2024-03-02T23:30:00Z').getHours('+01:00') == 0 && timestamp('2024-03-02T00:30:00Z').getDate('-01:00') == 1")]
    [InlineData("string(timestamp('2024-03-02T03:04:05.120Z')) == '2024-03-02T03:04:05.12Z' && timestamp(60) == timestamp('1970-01-01T00:01:00Z')")]
    [InlineData("timestamp('1969-12-31T23:59:59.5Z') < timestamp(0) && int(timestamp('1969-12-31T23:59:59.5Z')) == -1")]
    public void Times_and_spans_compute(string expression) => Assert.True(Expressions.IsTrue(expression));

    [Theory]
    [InlineData("timestamp('9999-12-31T23:59:59Z') + duration('1s')")]
    [InlineData("duration('2562047h') + duration('2562047h')")]
    [InlineData("timestamp('9999-12-31T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')")]
    [InlineData("timestamp(9223372036854775807)")]
    public void A_time_out_of_range_is_an_overflow(string expression) =>
        Assert.Equal(CelErrorReason.Overflow, Expressions.EvaluationFault(expression).Reason);
}
