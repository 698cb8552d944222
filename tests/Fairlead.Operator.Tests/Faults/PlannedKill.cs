using Fairlead.Dev.Cluster.Faults;
using Fault = Fairlead.Dev.Tailnet.Faults.Fault;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>Cuts the operator off from cluster and tailnet at one moment, so that what it still tries has no effect.</summary>
internal sealed class PlannedKill
{
    private readonly OperatorWorld _world;
    private readonly WorldStop? _stop;
    private bool _struck;

    /// <param name="n">Which of the writes or calls from now on, from 1; for <see cref="KillMoment.BeforeNextWrite"/> also 0.</param>
    public PlannedKill(OperatorWorld world, KillMoment moment, int n)
    {
        _world = world;
        if (moment == KillMoment.AfterUnansweredCall)
        {
            world.Tailnet.Faults.Add(Fault.LosingAnswer("*", "") with { Skip = n - 1 });
            world.Tailnet.Faults.Add(Fault.Cutting("*", "") with { Times = int.MaxValue });
        }
        else
        {
            _stop = world.Cluster.Faults.StopAfterWrites(n, OperatorWorld.OfOperators, answersLast: moment == KillMoment.BeforeNextWrite);
        }
    }

    /// <summary>Whether the moment has come.</summary>
    public bool HasStruck()
    {
        if (!_struck && (_stop is null ? _world.Tailnet.Faults.Pending == 1 : _stop.Stopped.IsCompleted))
        {
            _struck = true;
            if (_stop is null)
            {
                _world.Cluster.Faults.StopAfterWrites(0, OperatorWorld.OfOperators);
            }
        }

        return _struck;
    }

    /// <summary>Lets the next operator do its work.</summary>
    public void Lift()
    {
        _world.Cluster.Faults.Clear();
        _world.Tailnet.Faults.Clear();
    }
}
