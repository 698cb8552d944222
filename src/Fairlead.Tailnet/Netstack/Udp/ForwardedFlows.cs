namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>
/// The flows that a handler took, each with an owner, in <see cref="FairShares">fair shares</see>. Who begins one more than that loses
/// the one not used for longest, more or less: as with paging, one in use since it was last looked at is passed over. Safe for several threads.
/// </summary>
internal sealed class ForwardedFlows(int places)
{
    /// <summary>Flows passed over for one that must go. It bounds what a datagram costs; a peer with so many in use loses one of these.</summary>
    private const int MostPassedOver = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<object, LinkedList<UdpSocket>> _byOwner = [];
    private int _total;

    /// <param name="displaced">Another one of the same owner that is to be disposed of.</param>
    /// <returns>False if there is no place for the owner at all.</returns>
    public bool TryAdd(UdpSocket flow, object owner, out UdpSocket? displaced)
    {
        displaced = null;
        lock (_lock)
        {
            var own = _byOwner.GetValueOrDefault(owner);
            if (!FairShares.Allows(places, _total, own?.Count ?? 0))
            {
                if (own is null)
                {
                    return false;
                }

                displaced = LeastUsed(own);
                own.RemoveFirst();
                _total--;
            }

            if (own is null)
            {
                own = [];
                _byOwner.Add(owner, own);
            }

            flow.Place = own.AddLast(flow);
            _total++;
            return true;
        }
    }

    public void Remove(UdpSocket flow)
    {
        lock (_lock)
        {
            // Null: it was displaced, or never had a place.
            if (flow.Place is { List: { } own } place)
            {
                own.Remove(place);
                _total--;
                if (own.Count == 0)
                {
                    _byOwner.Remove(flow.Owner!);
                }
            }
        }
    }

    /// <summary>Brings the flow that goes to the front.</summary>
    private static UdpSocket LeastUsed(LinkedList<UdpSocket> own)
    {
        for (var i = 0; i < MostPassedOver && own.First!.Value.TakeUsed(); i++)
        {
            var used = own.First;
            own.RemoveFirst();
            own.AddLast(used);
        }

        return own.First!.Value;
    }
}
