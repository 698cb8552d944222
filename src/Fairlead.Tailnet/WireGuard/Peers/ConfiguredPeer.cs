using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>
/// A peer as configured. What it takes to talk to it (keys, sessions, timers, locks) is made when somebody first does: in a large
/// tailnet nearly all peers never talk, and a process with hundreds of nodes has hundreds of thousands of these.
/// </summary>
internal sealed class ConfiguredPeer(WireGuardPeer configuration)
{
    // For all peers, since a lock of its own would be larger than one of them. Held for no longer than it takes to make an object.
    private static readonly Lock Activating = new();

    private volatile WireGuardPeer _configuration = configuration;
    private volatile Peer? _active;
    private bool _isRemoved;

    public NodePublicKey Key => _configuration.Key;

    public WireGuardPeer Configuration
    {
        get => _configuration;
        set => _configuration = value;
    }

    /// <summary>Null while nobody has talked.</summary>
    public Peer? Active => _active;

    /// <summary>The peer to talk to. After the removal it is one that sends and takes nothing.</summary>
    public Peer Activate(WireGuardDevice device) => _active ?? MakeActive(device);

    /// <summary>Ends everything. What the path is given afterwards was under way before.</summary>
    public void Remove()
    {
        Peer? active;
        lock (Activating)
        {
            _isRemoved = true;
            active = _active;
        }

        active?.Remove();
    }

    private Peer MakeActive(WireGuardDevice device)
    {
        Peer active;
        lock (Activating)
        {
            if (_active is { } already)
            {
                return already;
            }

            active = new Peer(device, this);
            if (_isRemoved)
            {
                active.Remove();
            }
            else
            {
                device.Activated(active);
            }

            _active = active;
        }

        return active;
    }
}
