using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class OperatorTests
{
    [Theory]
    [InlineData("self == 1 && self < 1.5 && self < 2u && 0.5 < self", "1")]
    [InlineData("dyn(1) == dyn(1.0) && dyn(1) == dyn(1u) && dyn(1u) == dyn(1.0)")]
    [InlineData("dyn(1) != dyn('1') && dyn([]) != dyn({})")]
    [InlineData("9223372036854775807 < 9223372036854775808.0 && 18446744073709551615u > 9223372036854775807")]
    [InlineData("-1 < 0u && 1.5 > 1u")]
    [InlineData("!(0.0 / 0.0 == 0.0 / 0.0) && 0.0 / 0.0 != 0.0 / 0.0")]
    [InlineData("!(0.0 / 0.0 < 1.0) && !(0.0 / 0.0 >= 1.0)")]
    [InlineData("1.0 / 0.0 == double('Inf')")]
    [InlineData("'a' < 'b' && 'a' < 'aa' && b'\\x01' < b'\\xff' && false < true")]
    [InlineData("'\\uffff' < '\\U0001F600'")]
    [InlineData("-7 / 2 == -3 && -7 % 2 == -1")]
    [InlineData("[1] + [2] == [1, 2] && b'a' + b'b' == b'ab'")]
    [InlineData("[1, 2] == [1, 2] && [1, 2] != [2, 1] && {'a': [1]} == {'a': [1]}")]
    [InlineData("1 in [1, 2] && !(3 in [1, 2]) && 'k' in {'k': 1} && !('v' in {'k': 'v'})")]
    [InlineData("1.0 in dyn([1, 2]) && {1: 'a'}[dyn(1.0)] == 'a' && {1: 'a'}[dyn(1u)] == 'a'")]
    [InlineData("null == null && self == null")]
    [InlineData("true != false")]
    public void Numbers_compare_across_types_and_nothing_else_converts(string expression, string self = "null") =>
        Assert.True(Expressions.IsTrue(expression, self));

    [Theory]
    [InlineData("9223372036854775807 + 1", CelErrorReason.Overflow)]
    [InlineData("-9223372036854775808 - 1", CelErrorReason.Overflow)]
    [InlineData("-(-9223372036854775808)", CelErrorReason.Overflow)]
    [InlineData("9223372036854775807 * 2", CelErrorReason.Overflow)]
    [InlineData("-9223372036854775808 / -1", CelErrorReason.Overflow)]
    [InlineData("-9223372036854775808 % -1", CelErrorReason.Overflow)]
    [InlineData("0u - 1u", CelErrorReason.Overflow)]
    [InlineData("18446744073709551615u * 18446744073709551615u", CelErrorReason.Overflow)]
    [InlineData("1 / 0", CelErrorReason.DivideByZero)]
    [InlineData("1 % 0", CelErrorReason.DivideByZero)]
    [InlineData("1u / 0u", CelErrorReason.DivideByZero)]
    [InlineData("[1][1]", CelErrorReason.IndexOutOfRange)]
    [InlineData("[1][-1]", CelErrorReason.IndexOutOfRange)]
    [InlineData("{'a': 1}['b']", CelErrorReason.NoSuchField)]
    [InlineData("{'a': 1}.b", CelErrorReason.NoSuchField)]
    [InlineData("self.missing", CelErrorReason.NoSuchField)]
    [InlineData("self.a.b", CelErrorReason.NoSuchOverload)]
    [InlineData("self.a + 'x'", CelErrorReason.NoSuchOverload)]
    [InlineData("self.a ? 1 : 2", CelErrorReason.NoSuchOverload)]
    [InlineData("{self.a: 1, self.a: 2}", CelErrorReason.InvalidArgument)]
    public void A_failure_tells_its_kind(string expression, CelErrorReason reason) =>
        Assert.Equal(reason, Expressions.EvaluationFault(expression, """{"a": 1}""").Reason);

    [Fact]
    public void A_failure_names_the_place_of_the_failing_part()
    {
        var fault = Expressions.EvaluationFault("true &&\n  self.a.missing == 1", """{"a": {}}""");
        Assert.Equal((2, 9), (fault.Line, fault.Column));
        Assert.Equal("2:9: no such key: missing", fault.Message);
    }

    [Theory]
    [InlineData("true || self.missing")]
    [InlineData("self.missing || true")]
    [InlineData("!(false && self.missing)")]
    [InlineData("!(self.missing && false)")]
    [InlineData("self.missing || 1 / 0 == 1 || true")]
    [InlineData("true ? true : self.missing")]
    [InlineData("[1, 2].exists(x, x == 2 || self.missing)")]
    [InlineData("[0, 2].exists(x, 4 / x == 2)")]
    [InlineData("![0, 2].all(x, 4 / x == 3)")]
    public void An_operand_that_decides_absorbs_the_failure_of_the_others(string expression) =>
        Assert.True(Expressions.IsTrue(expression, "{}"));

    [Theory]
    [InlineData("false || self.missing")]
    [InlineData("self.missing || false")]
    [InlineData("true && self.missing")]
    [InlineData("[0, 2].exists(x, 4 / x == 3)")]
    [InlineData("[0, 2].all(x, 4 / x == 2)")]
    [InlineData("self.missing ? true : true")]
    [InlineData("[self.missing].size() == 1")]
    public void A_failure_no_operand_decides_against_stands(string expression) =>
        Expressions.EvaluationFault(expression, "{}");

    [Fact]
    public void A_declared_variable_without_a_value_fails_only_where_it_is_reached()
    {
        var program = Expressions.Compile("self == 1 || oldSelf == 1");
        var variables = new Dictionary<string, CelValue> { ["self"] = CelValue.Of(1L) };
        Assert.Equal(CelValue.True, program.Evaluate(variables));
        variables["self"] = CelValue.Of(2L);
        var fault = Assert.Throws<CelEvaluationException>(() => program.Evaluate(variables));
        Assert.Equal(CelErrorReason.NoSuchVariable, fault.Reason);
    }
}
