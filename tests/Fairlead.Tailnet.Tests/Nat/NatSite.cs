namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>A home: a router with one public address, and behind it a network in which one node runs.</summary>
internal sealed class NatSite : IAsyncDisposable
{
    /// <summary>The node's port where the router forwards one.</summary>
    public const int ForwardedPort = 41_641;

    // The same in every home, as in the world outside: peers must not take each other's local addresses for their own neighbours'.
    private const string Inside = "192.168.1.2";

    private readonly HeldNamespace _router;
    private readonly HeldNamespace _home;

    private NatSite(string publicAddress, HeldNamespace router, HeldNamespace home, NodeProcess node)
    {
        PublicAddress = publicAddress;
        _router = router;
        _home = home;
        Node = node;
    }

    public string PublicAddress { get; }

    public NodeProcess Node { get; }

    /// <param name="number">Unlike that of any other site.</param>
    public static async Task<NatSite> CreateAsync(int number, CancellationToken stop)
    {
        var address = $"{NatTopology.Network}.{number}";
        var router = await HeldNamespace.CreateAsync(stop);
        var home = await HeldNamespace.CreateAsync(stop);
        await Script.RunAsync(
            $"""
            ip link add port{number} type veth peer name wan netns {router.Id}
            ip link set port{number} master {NatTopology.Bridge} up
            """, stop);
        await router.RunAsync(
            $"""
            ip address add {address}/24 dev wan
            ip link set wan up
            ip link add lan type veth peer name eth netns {home.Id}
            ip address add 192.168.1.1/24 dev lan
            ip link set lan up
            echo 1 > /proc/sys/net/ipv4/ip_forward
            """, stop);
        await home.RunAsync(
            $"""
            ip address add {Inside}/24 dev eth
            ip link set eth up
            ip route add default via 192.168.1.1
            """, stop);
        return new NatSite(address, router, home, NodeProcess.Start(home));
    }

    public Task TranslateAsync(NatKind kind, CancellationToken stop)
    {
        var masquerade = kind switch
        {
            NatKind.Hard => "masquerade random,fully-random",
            NatKind.EasyElsewhere => "meta l4proto udp masquerade to :20000-20999",
            _ => "masquerade",
        };
        return _router.RunAsync(
            $$"""
            nft -f - <<END
            flush ruleset
            table ip translation {
              chain outbound {
                type nat hook postrouting priority 100;
                oifname wan {{masquerade}}
                oifname wan masquerade
              }
              chain inbound {
                type nat hook prerouting priority -100;
                {{(kind == NatKind.Open ? $"iifname wan udp dport {ForwardedPort} dnat to {Inside}" : "")}}
              }
            }
            table ip filtering {
              chain own {
                type filter hook input priority 0;
                iifname wan ct state new drop
              }
              chain forwarded {
                type filter hook forward priority 0;
                {{(kind == NatKind.NoUdp ? "meta l4proto udp drop" : "")}}
                iifname wan ct status dnat accept
                iifname wan ct state new drop
              }
            }
            END
            """, stop);
    }

    /// <summary>Makes the router forget all mappings, and make others from now on: Linux forgets those of a masquerading interface that goes down.</summary>
    public async Task ForgetMappingsAsync(CancellationToken stop)
    {
        await TranslateAsync(NatKind.EasyElsewhere, stop);
        await _router.RunAsync("ip link set wan down\nip link set wan up", stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _home.Dispose();
        _router.Dispose();
    }
}
