using System.Net;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Tests.Nat;

namespace Fairlead.Tailnet.Tests.PathMtu;

/// <summary>
/// Left node – gateway – this namespace, which routes too and has the tailnet's servers – right node. Made once for all tests of a class;
/// nodes are new in each.
/// </summary>
public sealed class NarrowTopology : IAsyncLifetime
{
    private const string ServerAddress = "10.9.0.1";
    private const int ControlPort = 8080;
    private const int Wide = 1500;
    private const int Narrow = 1280;

    private readonly List<HeldNamespace> _namespaces = [];
    private HeldNamespace? _gateway;
    private HeldNamespace? _leftHost;
    private HeldNamespace? _rightHost;
    private NodeProcess? _left;
    private NodeProcess? _right;
    private EmbeddedTailnet? _tailnet;
    private int _joined;

    internal NodeProcess Left => _left!;

    internal NodeProcess Right => _right!;

    /// <summary>Names of the nodes that joined last; never used again, so that no node is taken for one of an earlier test.</summary>
    internal string LeftNode => $"left{_joined}";

    internal string RightNode => $"right{_joined}";

    /// <summary>How an address of the right node begins, with its port behind.</summary>
    internal static string RightAddress(bool isIPv6) => isIPv6 ? "[fd02::2]:" : "10.2.0.2:";

    internal static string LeftAddress(bool isIPv6) => isIPv6 ? "[fd01::2]:" : "10.1.0.2:";

    public async ValueTask InitializeAsync()
    {
        if (!Tun.NetworkNamespace.IsInside)
        {
            return;
        }

        var stop = TestContext.Current.CancellationToken;
        _gateway = await HoldAsync(stop);
        _leftHost = await HoldAsync(stop);
        _rightHost = await HoldAsync(stop);
        await Script.RunAsync(
            $"""
            {Forward}
            ip link add between type veth peer name between netns {_gateway.Id}
            ip link add right type veth peer name eth netns {_rightHost.Id}
            {Configure("between", $"{ServerAddress}/24", "fd09::1/64")}
            {Configure("right", "10.2.0.1/24", "fd02::1/64")}
            """, stop);
        await _gateway.RunAsync(
            $"""
            {Forward}
            ip link add left type veth peer name eth netns {_leftHost.Id}
            {Configure("between", "10.9.0.2/24", "fd09::2/64")}
            {Configure("left", "10.1.0.1/24", "fd01::1/64")}
            {Route("default", "10.9.0.1", "fd09::1")}
            """, stop);
        await Script.RunAsync(
            """
            ip route add 10.1.0.0/24 via 10.9.0.2
            ip -6 route add fd01::/64 via fd09::2
            """, stop);
        await _leftHost.RunAsync($"{Configure("eth", "10.1.0.2/24", "fd01::2/64")}\n{Route("default", "10.1.0.1", "fd01::1")}", stop);
        await _rightHost.RunAsync($"{Configure("eth", "10.2.0.2/24", "fd02::2/64")}\n{Route("default", "10.2.0.1", "fd02::1")}", stop);
        _left = NodeProcess.Start(_leftHost);
        _right = NodeProcess.Start(_rightHost);
        _tailnet = await EmbeddedTailnet.StartAsync(
            new EmbeddedTailnetOptions
            {
                Coordination = new CoordinationOptions { DeltaWindow = TimeSpan.Zero },
                Relay = new RelayServerOptions { Addresses = [IPAddress.Parse(ServerAddress)], InsecureForTests = true },
            }, stop);
    }

    /// <summary>Sets all links and routers up. The nodes may be under way.</summary>
    /// <param name="isIPv6">By which family the nodes reach each other directly.</param>
    internal async Task SetAsync(bool isIPv6, NarrowLink narrow, RouterFault fault, CancellationToken stop)
    {
        var left = narrow == NarrowLink.AtTheHost ? Narrow : Wide;
        var between = narrow == NarrowLink.BetweenRouters ? Narrow : Wide;

        // Before conntrack, which puts fragments together (its priority is -400).
        var rules =
            $$"""
            table inet faults {
              chain received {
                type filter hook prerouting priority -450;
                {{(fault == RouterFault.NoFragments ? "ip frag-off & 0x1fff != 0 drop\nexthdr frag exists drop" : "")}}
              }
              chain sent {
                type filter hook output priority 0;
                {{(fault == RouterFault.Silence ? "icmp type destination-unreachable drop\nicmpv6 type packet-too-big drop" : "")}}
              }
            }
            """;

        // Only here, so that STUN is answered. The coordination server listens on the loopback interface alone.
        var own =
            $$"""
            table inet family {
              chain forwarded {
                type filter hook forward priority 0;
                meta nfproto {{(isIPv6 ? "ipv4" : "ipv6")}} meta l4proto udp drop
              }
            }
            table ip control {
              chain inbound {
                type nat hook prerouting priority -100;
                ip daddr {{ServerAddress}} tcp dport {{ControlPort}} dnat to 127.0.0.1:{{_tailnet!.BaseAddress.Port}}
              }
            }
            """;
        const string ForgetPathMtus = "ip route flush cache\nip -6 route flush cache";
        await Script.RunAsync($"ip link set between mtu {between}\n{Load(rules + "\n" + own)}", stop);
        await _gateway!.RunAsync($"ip link set between mtu {between}\nip link set left mtu {left}\n{Load(rules)}", stop);
        await _leftHost!.RunAsync($"ip link set eth mtu {left}\n{ForgetPathMtus}", stop);
        await _rightHost!.RunAsync(ForgetPathMtus, stop);
    }

    /// <summary>Joins a new node on each side.</summary>
    internal Task JoinAsync(CancellationToken stop)
    {
        _joined++;
        return Task.WhenAll(StartAsync(Left, LeftNode), StartAsync(Right, RightNode));

        Task<string> StartAsync(NodeProcess process, string name) =>
            process.AskAsync($"start {name} http://{ServerAddress}:{ControlPort} {_tailnet!.Keys.Create([]).Secret} 0", stop);
    }

    internal Task LeaveAsync(CancellationToken stop) => Task.WhenAll(Left.AskAsync("stop", stop), Right.AskAsync("stop", stop));

    public async ValueTask DisposeAsync()
    {
        if (_tailnet is not null)
        {
            await _tailnet.DisposeAsync();
        }

        foreach (var process in (NodeProcess?[])[_left, _right])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        foreach (var held in _namespaces)
        {
            held.Dispose();
        }
    }

    private const string Forward =
        """
        echo 1 > /proc/sys/net/ipv4/ip_forward
        echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
        echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet
        """;

    private static string Configure(string device, string address4, string address6) =>
        $"ip address add {address4} dev {device}\nip address add {address6} dev {device} nodad\nip link set {device} up";

    private static string Route(string destination, string via4, string via6) =>
        $"ip route add {destination} via {via4}\nip -6 route add {destination} via {via6}";

    private static string Load(string rules) => $"nft -f - <<END\nflush ruleset\n{rules}\nEND";

    private async Task<HeldNamespace> HoldAsync(CancellationToken stop)
    {
        var held = await HeldNamespace.CreateAsync(stop);
        _namespaces.Add(held);
        return held;
    }
}
