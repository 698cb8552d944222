namespace Fairlead.Tailnet.Netstack;

/// <summary>
/// A number of places, divided so that nobody can take them all: an owner may have no more than are left. A greedy one gets half of them,
/// n of them an (n + 1)th each, and as much again stays free for whoever comes next (the dynamic thresholds of Choudhury and Hahne,
/// IEEE/ACM Transactions on Networking 6(2), 1998). Safe for several threads.
/// </summary>
internal sealed class FairShares(int places)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, int> _taken = [];
    private int _total;

    public int Taken => Volatile.Read(ref _total);

    public static bool Allows(int places, int taken, int own) => own < places - taken;

    public bool HasRoom(object owner)
    {
        lock (_lock)
        {
            return Allows(places, _total, _taken.GetValueOrDefault(owner));
        }
    }

    public bool TryTake(object owner)
    {
        lock (_lock)
        {
            var own = _taken.GetValueOrDefault(owner);
            if (!Allows(places, _total, own))
            {
                return false;
            }

            _taken[owner] = own + 1;
            _total++;
            return true;
        }
    }

    public void GiveBack(object owner)
    {
        lock (_lock)
        {
            _total--;
            if (--_taken[owner] == 0)
            {
                _taken.Remove(owner);
            }
        }
    }
}
