using System.Net;
using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Json;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>Body of <c>POST /machine/map</c>: asks for the tailnet as the node sees it, or tells what changed about the node.</summary>
public sealed record MapRequest
{
    /// <summary>Value of <see cref="Compress"/> for compressed frames.</summary>
    public const string Zstd = "zstd";

    /// <summary>See <see cref="CapabilityVersion"/>.</summary>
    public int Version { get; init; }

    /// <summary><see cref="Zstd"/>, or empty for plain JSON.</summary>
    public string Compress { get; init => field = value ?? ""; } = "";

    public bool KeepAlive { get; init; }

    public NodePublicKey NodeKey { get; init; }

    public DiscoPublicKey DiscoKey { get; init; }

    public string HardwareAttestationKey { get; init => field = value ?? ""; } = "";

    public byte[]? HardwareAttestationKeySignature { get; init; }

    public DateTimeOffset HardwareAttestationKeySignatureTimestamp { get; init; }

    /// <summary>
    /// True for a stream of <see cref="MapResponse"/>s, which since <see cref="CapabilityVersion.ReadOnlyStreaming"/> changes nothing of
    /// the node; false for a single answer.
    /// </summary>
    public bool Stream { get; init; }

    public Hostinfo? Hostinfo { get; init; }

    /// <summary>Session to go on with.</summary>
    public string MapSessionHandle { get; init => field = value ?? ""; } = "";

    /// <summary>Last message seen of that session.</summary>
    public long MapSessionSeq { get; init; }

    /// <summary>Where the node may be reached directly.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints { get; init => field = WireList.Of(value); } = [];

    /// <summary>How each of <see cref="Endpoints"/> was found.</summary>
    public IReadOnlyList<EndpointType> EndpointTypes { get; init => field = WireList.Of(value); } = [];

    /// <summary>Head of the tailnet-lock chain.</summary>
    public string TKAHead { get; init => field = value ?? ""; } = "";

    /// <summary>Changes nothing, even without <see cref="Stream"/>.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The answer needs no peers: with <see cref="Stream"/> false, an update of the node alone.</summary>
    public bool OmitPeers { get; init; }

    public IReadOnlyList<string> DebugFlags { get; init => field = WireList.Of(value); } = [];

    public string ConnectionHandleForTest { get; init => field = value ?? ""; } = "";

    /// <summary>Whether it only tells about the node.</summary>
    [JsonIgnore]
    public bool IsLiteUpdate => !Stream && OmitPeers;
}
