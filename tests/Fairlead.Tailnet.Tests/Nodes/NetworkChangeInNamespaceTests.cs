using Fairlead.Tailnet.Tests.Nat;
using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class NetworkChangeInNamespaceTests : NodeTest
{
    /// <summary>
    /// A connection from an address that is gone is dead without a word. The node would hear of the server again when its silence has lasted
    /// for two minutes, and could not reach peers that began anew meanwhile.
    /// </summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task The_server_is_asked_over_a_new_connection(int number, bool relayOnly)
    {
        NetworkNamespace.RequireInside();
        await JoinAsync("laptop", options => options with { RelayOnly = relayOnly });
        var before = Tailnet.Coordination.ContinuedMapSessions;

        await Script.RunAsync(
            $"""
            ip link add port{number} type veth peer name other{number}
            ip address add 192.0.2.{number}/24 dev port{number}
            ip link set other{number} up
            ip link set port{number} up
            """, Stop);

        await Wait.UntilAsync("another stream is followed", () => Tailnet.Coordination.ContinuedMapSessions > before);
    }
}
