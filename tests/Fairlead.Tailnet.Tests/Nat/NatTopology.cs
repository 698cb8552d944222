using System.Net;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Relay;

namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>
/// An internet in namespaces: in this one a tailnet's servers at a public address, and two homes beyond a bridge. Made once for all tests
/// of a class; nodes are new in each.
/// </summary>
public sealed class NatTopology : IAsyncLifetime
{
    /// <summary>First three bytes of the public addresses (RFC 5737: for documentation).</summary>
    internal const string Network = "203.0.113";

    internal const string Bridge = "internet";

    private const string ServerAddress = $"{Network}.1";
    private const int ControlPort = 8080;

    private NatSite? _left;
    private NatSite? _right;
    private EmbeddedTailnet? _tailnet;
    private int _joined;

    internal NatSite Left => _left!;

    internal NatSite Right => _right!;

    /// <summary>Names of the nodes that joined last; never used again, so that no node is taken for one of an earlier test.</summary>
    internal string LeftNode => $"left{_joined}";

    internal string RightNode => $"right{_joined}";

    public async ValueTask InitializeAsync()
    {
        if (!Tun.NetworkNamespace.IsInside)
        {
            return;
        }

        var stop = TestContext.Current.CancellationToken;
        await Script.RunAsync(
            $"""
            ip link add {Bridge} type bridge
            ip address add {ServerAddress}/24 dev {Bridge}
            ip link set {Bridge} up
            """, stop);
        _left = await NatSite.CreateAsync(11, stop);
        _right = await NatSite.CreateAsync(12, stop);
        _tailnet = await EmbeddedTailnet.StartAsync(
            new EmbeddedTailnetOptions
            {
                Coordination = new CoordinationOptions { DeltaWindow = TimeSpan.Zero },
                Relay = new RelayServerOptions { Addresses = [IPAddress.Parse(ServerAddress)], InsecureForTests = true },
            }, stop);

        // The coordination server listens on the loopback interface alone.
        await Script.RunAsync(
            $$"""
            echo 1 > /proc/sys/net/ipv4/conf/{{Bridge}}/route_localnet
            nft -f - <<END
            table ip control {
              chain inbound {
                type nat hook prerouting priority -100;
                ip daddr {{ServerAddress}} tcp dport {{ControlPort}} dnat to 127.0.0.1:{{_tailnet.BaseAddress.Port}}
              }
            }
            END
            """, stop);
    }

    /// <summary>Sets both routers up and joins a new node behind each.</summary>
    internal async Task JoinAsync(NatKind left, NatKind right, CancellationToken stop)
    {
        _joined++;
        await Left.TranslateAsync(left, stop);
        await Right.TranslateAsync(right, stop);
        await Task.WhenAll(StartAsync(Left, LeftNode, left), StartAsync(Right, RightNode, right));

        Task<string> StartAsync(NatSite site, string name, NatKind kind) =>
            site.Node.AskAsync($"start {name} http://{ServerAddress}:{ControlPort} {_tailnet!.Keys.Create([]).Secret} {(kind == NatKind.Open ? NatSite.ForwardedPort : 0)}", stop);
    }

    internal Task LeaveAsync(CancellationToken stop) => Task.WhenAll(Left.Node.AskAsync("stop", stop), Right.Node.AskAsync("stop", stop));

    public async ValueTask DisposeAsync()
    {
        if (_tailnet is not null)
        {
            await _tailnet.DisposeAsync();
        }

        foreach (var site in (NatSite?[])[_left, _right])
        {
            if (site is not null)
            {
                await site.DisposeAsync();
            }
        }
    }
}
