namespace Fairlead.Dev.Tests.Cel;

public sealed class OptionalTests
{
    private const string Document = """{"a": {"b": 1}, "list": [1], "zero": 0}""";

    [Theory]
    [InlineData("self.?a.?b.orValue(0) == 1")]
    [InlineData("self.?a.b.value() == 1")]
    [InlineData("self.?x.b.orValue(7) == 7")]
    [InlineData("self.?x.hasValue() == false")]
    [InlineData("has(self.?a.b) && !has(self.?x.b)")]
    [InlineData("self.list[?0].value() == 1 && !self.list[?5].hasValue()")]
    [InlineData("self[?'a'][?'b'].orValue(0) == 1")]
    [InlineData("self.?a['b'].value() == 1")]
    [InlineData("optional.of(1) == optional.of(1) && optional.none() == optional.none() && optional.of(1) != optional.none()")]
    [InlineData("!optional.ofNonZeroValue(self.zero).hasValue() && optional.ofNonZeroValue('x').value() == 'x'")]
    [InlineData("optional.none().or(optional.of(2)).value() == 2")]
    [InlineData("self.?a.b.optMap(v, v + 1).value() == 2 && !self.?x.b.optMap(v, v + 1).hasValue()")]
    [InlineData("self.?a.optFlatMap(v, v.?b).value() == 1")]
    [InlineData("[?self.?a.b, ?self.?x, 3] == [1, 3]")]
    [InlineData("{?'p': self.?a.b, ?'q': self.?x} == {'p': 1}")]
    [InlineData("[1, 2].first().value() == 1 && [1, 2].last().value() == 2 && ![].first().hasValue()")]
    [InlineData("optional.unwrap([optional.of(1), optional.none()]) == [1]")]
    [InlineData("type(self.?a) == optional_type")]
    public void An_optional_value_is_present_or_not(string expression) => Assert.True(Expressions.IsTrue(expression, Document));

    [Theory]
    [InlineData("optional.none().value()")]
    [InlineData("self.zero.?x")]
    [InlineData("self.list[?'a']")]
    public void A_missing_value_asked_for_fails(string expression) => Expressions.EvaluationFault(expression, Document);
}
