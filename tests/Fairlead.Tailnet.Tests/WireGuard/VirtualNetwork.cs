using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>Datagrams between devices, delivered when the test says so, and changed, lost or kept back as it says.</summary>
internal sealed class VirtualNetwork : IDatagramSender
{
    private readonly List<VirtualNode> _nodes = [];
    private readonly Queue<Datagram> _underWay = new();

    public ManualTime Time { get; } = new();

    /// <summary>What becomes of a datagram; by default it arrives.</summary>
    public Func<Datagram, IEnumerable<Datagram>> Fate { get; set; } = datagram => [datagram];

    /// <summary>Every datagram that was sent.</summary>
    public List<Datagram> Sent { get; } = [];

    public VirtualNode AddNode(Func<WireGuardOptions, WireGuardOptions>? change = null)
    {
        var node = new VirtualNode(this, _nodes.Count + 1, change ?? (options => options));
        _nodes.Add(node);
        return node;
    }

    /// <summary>Two nodes that know each other.</summary>
    public (VirtualNode A, VirtualNode B) AddPair()
    {
        var a = AddNode();
        var b = AddNode();
        a.SetPeer(b);
        b.SetPeer(a);
        return (a, b);
    }

    /// <summary>A node with the same key and addresses, which has forgotten everything.</summary>
    public VirtualNode Replace(VirtualNode node)
    {
        var index = _nodes.IndexOf(node);
        _nodes[index] = new VirtualNode(this, index + 1, options => options with { PrivateKey = node.Key });
        return _nodes[index];
    }

    public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize) => Send(default, to, datagrams, datagramSize);

    public void Send(PathAddress from, PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        while (!datagrams.IsEmpty)
        {
            var size = Math.Min(datagramSize, datagrams.Length);
            var datagram = new Datagram(from, to, datagrams[..size].ToArray());
            datagrams = datagrams[size..];
            Sent.Add(datagram);
            _underWay.Enqueue(datagram);
        }
    }

    /// <summary>Delivers what is under way, and what is sent in answer, until there is nothing more.</summary>
    public void Deliver()
    {
        while (_underWay.TryDequeue(out var sent))
        {
            foreach (var datagram in Fate(sent))
            {
                Deliver(datagram);
            }
        }
    }

    public void Deliver(Datagram datagram)
    {
        var node = _nodes.Single(node => node.Address == datagram.To);
        node.Device.Receive((byte[])datagram.Bytes.Clone(), datagram.From);
        node.Device.EndOfBatch();
    }

    /// <summary>Lets time pass in small steps, and delivers after each.</summary>
    public void Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(100);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Advance(step);
            Deliver();
        }
    }

    /// <summary>How many messages of a type were sent to a node.</summary>
    public int Count(byte type, VirtualNode to) => Sent.Count(datagram => datagram.Bytes[0] == type && datagram.To == to.Address);

    internal sealed record Datagram(PathAddress From, PathAddress To, byte[] Bytes);
}
