using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Tests.Cel;

public sealed class NameEscapingTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("tailscale.com/expose", "tailscale__dot__com__slash__expose")]
    [InlineData("x-prop", "x__dash__prop")]
    [InlineData("redact__d", "redact__underscores__d")]
    [InlineData("namespace", "__namespace__")]
    [InlineData("in", "__in__")]
    [InlineData("a_b", "a_b")]
    [InlineData("___", "__underscores___")]
    public void A_property_name_escapes_and_comes_back(string name, string escaped)
    {
        Assert.True(CelNames.TryEscape(name, out var result));
        Assert.Equal(escaped, result);
        Assert.True(CelNames.TryUnescape(escaped, out var back));
        Assert.Equal(name, back);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a$")]
    public void A_property_name_no_expression_can_select_does_not_escape(string name) => Assert.False(CelNames.TryEscape(name, out _));

    [Fact]
    public void A_field_with_an_unknown_escape_does_not_unescape() => Assert.False(CelNames.TryUnescape("a__b", out _));

    [Theory]
    [InlineData("self.__namespace__ == 'ns' && self.x__dash__prop > 0 && has(self.a__dot__b)")]
    [InlineData("self.namespace == 'ns' && !has(self.c__dot__d) && self.odd__name == 1")]
    public void A_selection_finds_the_property_behind_its_escaped_name(string expression) =>
        Assert.True(Expressions.IsTrue(expression, """{"namespace": "ns", "x-prop": 1, "a.b": true, "odd__name": 1}"""));
}
