namespace Fairlead.Tailnet.Netstack;

/// <summary>
/// A number of places, divided so that nobody can take them all: an owner may have no more than are left. A greedy one gets half of them,
/// n of them an (n + 1)th each, and as much again stays free for whoever comes next (the dynamic thresholds of Choudhury and Hahne,
/// IEEE/ACM Transactions on Networking 6(2), 1998). Safe for several threads.
/// </summary>
/// <param name="places">In all.</param>
public sealed class FairShares(int places)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, int> _taken = [];
    private int _total;

    /// <summary>By all owners together.</summary>
    public int Taken => Volatile.Read(ref _total);

    /// <summary>Whether an owner of some of the taken places may have one more.</summary>
    public static bool Allows(int places, int taken, int own) => own < places - taken;

    /// <summary>Whether <see cref="TryTake"/> would succeed just now.</summary>
    /// <param name="owner">Owners are told apart by equality.</param>
    public bool HasRoom(object owner)
    {
        lock (_lock)
        {
            return Allows(places, _total, _taken.GetValueOrDefault(owner));
        }
    }

    /// <inheritdoc cref="HasRoom" path="/param"/>
    /// <returns>False if the owner has its share.</returns>
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

    /// <summary>Ends one successful <see cref="TryTake"/>.</summary>
    /// <inheritdoc cref="HasRoom" path="/param"/>
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
