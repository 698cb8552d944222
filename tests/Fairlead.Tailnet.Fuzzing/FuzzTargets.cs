using Fairlead.Tailnet.Fuzzing.Control;
using Fairlead.Tailnet.Fuzzing.Cryptography;
using Fairlead.Tailnet.Fuzzing.Derp;
using Fairlead.Tailnet.Fuzzing.Disco;
using Fairlead.Tailnet.Fuzzing.Filtering;
using Fairlead.Tailnet.Fuzzing.Names;
using Fairlead.Tailnet.Fuzzing.Netfilter;
using Fairlead.Tailnet.Fuzzing.Netstack;
using Fairlead.Tailnet.Fuzzing.Nodes;
using Fairlead.Tailnet.Fuzzing.Noise;
using Fairlead.Tailnet.Fuzzing.Stun;
using Fairlead.Tailnet.Fuzzing.Tun;
using Fairlead.Tailnet.Fuzzing.WireGuard;
using Fairlead.Tailnet.Protocol.Control.Framing;

namespace Fairlead.Tailnet.Fuzzing;

/// <summary>Every target there is. A new one is a line here.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new KeyTextTarget(),
        new NaclBoxTarget(),
        new NoiseInitiationTarget(),
        new NoiseResponseTarget(),
        new NoiseRecordTarget(),
        new EarlyPayloadTarget(),
        new DnsMessageTarget(),
        new PacketFilterTarget(),
        new DerpStreamTarget(),
        new DerpInfoTarget(),
        new DerpUpgradeTarget(),
        new DiscoTarget(),
        new StunTarget(),
        new MapFrameTarget(MapCompression.None),
        new MapFrameTarget(MapCompression.Zstd),
        new MapResponseTarget(),
        new MapDeltaTarget(),
        new RegisterResponseTarget(),
        new ZstdTarget(),
        new ControlToNodeTarget(),
        new AddressTextTarget(),
        new WireGuardMessageTarget(),
        new WireGuardPacketTarget(),
        new StackPacketTarget(),
        new TsmpTarget(),
        new PeerApiTarget(),
        new AcmeReplyTarget(),
        new NetlinkAcknowledgementTarget(),
        new NftablesTarget(),
    ];
}
