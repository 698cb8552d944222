using System.Net;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class StaticEndpointTests : NodeTest
{
    private static readonly IPEndPoint First = IPEndPoint.Parse("192.0.2.7:30001");
    private static readonly IPEndPoint Second = IPEndPoint.Parse("[2001:db8::7]:30002");

    [Fact]
    public async Task The_server_is_told_of_static_endpoints_first_and_of_others_when_they_change()
    {
        var node = await JoinAsync("web", options => options with { StaticEndpoints = [First] });
        await Wait.UntilAsync("the first is told", () => Endpoints() is [var first, _, ..] && first.Equals(First));

        node.Use(new TailnetNodePreferences { Hostname = "web", StaticEndpoints = [Second] });

        await Wait.UntilAsync("the second is told instead", () => Endpoints() is [var first, _, ..] && first.Equals(Second) && !Endpoints().Contains(First));
    }

    private IReadOnlyList<IPEndPoint> Endpoints() => Device("web").Node!.Endpoints;
}
