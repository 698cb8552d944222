using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>One relay.</summary>
public sealed record DerpNode
{
    /// <summary>Value of <see cref="IPv4"/> and <see cref="IPv6"/> that forbids the family.</summary>
    public const string NoAddress = "none";

    public string Name { get; init => field = value ?? ""; } = "";

    public int RegionID { get; init; }

    /// <summary>Name to connect to and to show in TLS.</summary>
    public string HostName { get; init => field = value ?? ""; } = "";

    /// <summary>Name the certificate must bear instead of <see cref="HostName"/>, or <c>sha256-raw:</c> and the hexadecimal hash of the certificate.</summary>
    public string CertName { get; init => field = value ?? ""; } = "";

    /// <summary>Empty to ask DNS, <see cref="NoAddress"/> for none.</summary>
    public string IPv4 { get; init => field = value ?? ""; } = "";

    /// <summary>Empty to ask DNS, <see cref="NoAddress"/> for none.</summary>
    public string IPv6 { get; init => field = value ?? ""; } = "";

    /// <summary>0 for the default, −1 for none; see <see cref="EffectiveStunPort"/>.</summary>
    public int STUNPort { get; init; }

    /// <summary>Answers STUN alone.</summary>
    public bool STUNOnly { get; init; }

    /// <summary>0 for the default; see <see cref="EffectiveDerpPort"/>.</summary>
    public int DERPPort { get; init; }

    /// <summary>Its certificate is not checked. For tests.</summary>
    public bool InsecureForTests { get; init; }

    /// <summary>Address of the STUN server instead of the others. For tests.</summary>
    public string STUNTestIP { get; init => field = value ?? ""; } = "";

    public bool CanPort80 { get; init; }

    /// <summary>UDP port of STUN (3478 by default, RFC 8489 section 18.6), or null for none.</summary>
    [JsonIgnore]
    public int? EffectiveStunPort => STUNPort switch { 0 => 3478, > 0 and <= ushort.MaxValue => STUNPort, _ => null };

    /// <summary>TCP port, 443 by default.</summary>
    [JsonIgnore]
    public int EffectiveDerpPort => DERPPort == 0 ? 443 : DERPPort;
}
