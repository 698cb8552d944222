using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>The Service addresses of one IP family: which are taken, and the next free one.</summary>
internal sealed class AddressRange
{
    private readonly HashSet<UInt128> _taken = [];
    private readonly IPNetwork _network;
    private readonly UInt128 _base;
    private readonly UInt128 _size;
    private readonly UInt128 _firstDynamic;
    private UInt128 _next;

    public AddressRange(IPNetwork network)
    {
        _network = network;
        IsIPv6 = network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        _base = Number(network.BaseAddress);
        _size = UInt128.One << ((IsIPv6 ? 128 : 32) - network.PrefixLength);

        // Kubernetes keeps the lower part of a range for addresses that people choose: size/16, at least 16, at most 256.
        var reserved = UInt128.Min(UInt128.Max(_size / 16, 16), 256);
        _firstDynamic = reserved < _size / 2 ? reserved : 1;
        _next = _firstDynamic;
    }

    public bool IsIPv6 { get; }

    public string Family => IsIPv6 ? "IPv6" : "IPv4";

    // The last address of an IPv4 range is its broadcast address.
    private UInt128 End => IsIPv6 ? _size : _size - 1;

    /// <summary>Takes the next free address; null when the range is full.</summary>
    public string? TakeNext()
    {
        for (var tried = UInt128.Zero; tried < End; tried++)
        {
            var offset = _next;
            _next = _next + 1 < End ? _next + 1 : 1;
            if (offset < End && _taken.Add(offset))
                return Address(offset).ToString();
        }

        return null;
    }

    /// <summary>Takes a given address; yields what speaks against it, or null.</summary>
    public string? Take(IPAddress address)
    {
        var offset = Number(address) - _base;
        if (!_network.Contains(address) || offset == 0 || offset >= End)
            return $"the provided IP ({address}) is not in the valid range. The range of valid IPs is {_network}";

        return _taken.Add(offset) ? null : "provided IP is already allocated";
    }

    public void GiveBack(IPAddress address)
    {
        if (_network.Contains(address))
            _taken.Remove(Number(address) - _base);
    }

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private IPAddress Address(UInt128 offset)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(_base + offset));
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, _base + offset);
        return new IPAddress(bytes);
    }
}
