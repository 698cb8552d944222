using System.Net;

namespace Fairlead.Tailnet.Names;

/// <summary>A resource record.</summary>
/// <param name="Name">Lower case, without the final dot.</param>
/// <param name="Data">For addresses their bytes; for CNAME, NS and PTR the name in uncompressed wire form; others as they were sent.</param>
public sealed record DnsRecord(string Name, DnsType Type, ushort Class, uint TimeToLiveSeconds, ReadOnlyMemory<byte> Data)
{
    public static DnsRecord ForAddress(string name, IPAddress address, uint timeToLiveSeconds)
    {
        var bytes = address.GetAddressBytes();
        return new DnsRecord(name, bytes.Length == 4 ? DnsType.A : DnsType.Aaaa, DnsMessage.InternetClass, timeToLiveSeconds, bytes);
    }

    public static DnsRecord ForPointer(string name, string target, uint timeToLiveSeconds) =>
        new(name, DnsType.Ptr, DnsMessage.InternetClass, timeToLiveSeconds, DnsName.ToWire(target));

    /// <summary>Null unless it is an A or AAAA record of the right size.</summary>
    public IPAddress? Address => (Type, Data.Length) is (DnsType.A, 4) or (DnsType.Aaaa, 16) ? new IPAddress(Data.Span) : null;

    /// <summary>The name that a CNAME, NS or PTR record points to; null for others.</summary>
    public string? Target
    {
        get
        {
            var position = 0;
            return Type is DnsType.Cname or DnsType.Ns or DnsType.Ptr && DnsName.TryRead(Data.Span, ref position, out var name) ? name : null;
        }
    }
}
