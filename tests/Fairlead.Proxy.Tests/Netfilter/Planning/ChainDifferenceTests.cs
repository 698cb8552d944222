using System.Collections.Immutable;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Tests.Netfilter.Planning;

public sealed class ChainDifferenceTests
{
    [Theory]
    [InlineData("", "a", "", "0")]
    [InlineData("a", "a", "", "")]
    [InlineData("a b", "b", "0", "")]
    [InlineData("a b", "b|a", "", "")]
    [InlineData("a a", "a", "0 1", "0")]
    [InlineData("a b c", "a b c", "", "")]
    [InlineData("b a c", "a b c", "0 1 2", "0")]
    [InlineData("a c", "a b c", "0 1", "0")]
    [InlineData("x a y b", "a b|z", "0 2", "1")]
    [InlineData("a b", "", "0 1", "")]
    public void A_group_stays_only_if_it_is_there_whole_once_and_in_order(string present, string desired, string obsolete, string missing)
    {
        var difference = ChainDifference.Between(
            Words(present), [.. desired.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(group => Words(group).ToImmutableArray())]);

        Assert.Equal(Words(obsolete), difference.Obsolete.Select(index => index.ToString()));
        Assert.Equal(Words(missing), difference.Missing.Select(index => index.ToString()));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
