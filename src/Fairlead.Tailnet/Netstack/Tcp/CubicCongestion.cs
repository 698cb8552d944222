using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>CUBIC (RFC 9438) with the slow start of HyStart++ (RFC 9406). Windows in bytes, times in microseconds.</summary>
internal struct CubicCongestion
{
    private const int InitialSegments = 10; // RFC 6928
    private const double Cubic = 0.4; // RFC 9438 section 5: C
    private const double Decrease = 0.7; // RFC 9438 section 4.6: beta
    private const int SmallestSegments = 2; // RFC 9438 section 4.6

    // RFC 9406 section 4.3
    private const long LeastThreshold = 4 * StackClock.Millisecond;
    private const long MostThreshold = 16 * StackClock.Millisecond;
    private const int ThresholdDivisor = 8;
    private const int SamplesPerRound = 8;
    private const int ConservativeDivisor = 4;
    private const int ConservativeRounds = 5;

    private long _epochStart;
    private double _windowMax;
    private double _rampTime;
    private double _renoWindow;
    private double _fraction;

    private uint _roundEnd;
    private bool _roundStarted;
    private int _samples;
    private long _roundMinimum;
    private long _lastRoundMinimum;
    private long _conservativeBaseline;
    private int _conservativeRounds;

    public long Window { get; private set; }

    public long Threshold { get; private set; }

    public readonly bool InSlowStart => Window < Threshold;

    public void Begin(int segmentSize)
    {
        Window = InitialSegments * (long)segmentSize;
        Threshold = long.MaxValue;
    }

    /// <summary>Sets the window directly, as recovery does.</summary>
    public void SetWindow(long window) => Window = window;

    /// <summary>Takes a round-trip time of slow start into account.</summary>
    public void Sample(long rtt, uint acknowledged, uint next)
    {
        if (!InSlowStart)
        {
            return;
        }

        if (!_roundStarted || Sequence.AtOrAfter(acknowledged, _roundEnd))
        {
            BeginRound(next);
        }

        _samples++;
        _roundMinimum = Math.Min(_roundMinimum, rtt);
        if (_samples < SamplesPerRound || _lastRoundMinimum == long.MaxValue || _lastRoundMinimum == 0)
        {
            return;
        }

        if (_conservativeRounds == 0)
        {
            var threshold = Math.Clamp(_lastRoundMinimum / ThresholdDivisor, LeastThreshold, MostThreshold);
            if (_roundMinimum >= _lastRoundMinimum + threshold)
            {
                _conservativeBaseline = _roundMinimum;
                _conservativeRounds = 1;
            }
        }
        else if (_roundMinimum < _conservativeBaseline)
        {
            _conservativeRounds = 0; // the delay was none of ours after all
        }
    }

    /// <summary>Grows the window for bytes acknowledged while it was in full use.</summary>
    public void Acknowledged(long bytes, int segmentSize, long smoothedRtt, long now)
    {
        if (InSlowStart)
        {
            var growth = Math.Min(bytes, Threshold - Window);
            Window += _conservativeRounds > 0 ? Math.Max(1, growth / ConservativeDivisor) : growth;
            return;
        }

        if (_epochStart == 0)
        {
            BeginEpoch(now, segmentSize);
        }

        // RFC 9438 section 4.2, in segments and seconds.
        var window = (double)Window / segmentSize;
        var elapsed = (double)(now - _epochStart + smoothedRtt) / StackClock.Second;
        var target = Math.Clamp((Cubic * Math.Pow(elapsed - _rampTime, 3)) + _windowMax, window, 1.5 * window);

        // Section 4.3: at least as fast as Reno with the same decrease would be.
        var acknowledged = (double)bytes / segmentSize;
        var slope = _renoWindow < _windowMax ? 3 * (1 - Decrease) / (1 + Decrease) : 1;
        _renoWindow += slope * acknowledged / window;
        var increase = Math.Max((target - window) / window * acknowledged, _renoWindow - window);

        _fraction += increase * segmentSize;
        if (_fraction >= 1)
        {
            Window += (long)_fraction;
            _fraction -= (long)_fraction;
        }
    }

    /// <summary>A loss: the new threshold, which is where the window goes by the end of recovery.</summary>
    public void Congested(int segmentSize)
    {
        _epochStart = 0;
        var window = (double)Window / segmentSize;
        _windowMax = window < _windowMax ? window * (1 + Decrease) / 2 : window; // section 4.7: fast convergence
        Threshold = Math.Max((long)(Window * Decrease), SmallestSegments * (long)segmentSize);
        _conservativeRounds = 0;
        _fraction = 0;
    }

    /// <summary>A time-out: all but one segment's worth of window is lost (RFC 9438 section 4.8).</summary>
    public void TimedOut(int segmentSize)
    {
        Congested(segmentSize);
        Window = segmentSize;
        _roundStarted = false;
    }

    /// <summary>The loss was none: the state from before it comes back.</summary>
    public void Undo(long window, long threshold)
    {
        Window = Math.Max(Window, window);
        Threshold = threshold;
        _epochStart = 0;
    }

    /// <summary>Nothing was sent for some time-outs: the window says less about the path with each (RFC 2861).</summary>
    public void Idle(int timeouts, int segmentSize)
    {
        Threshold = Math.Max(Threshold, Window * 3 / 4);
        var smallest = Math.Min(Window, InitialSegments * (long)segmentSize);
        Window = Math.Max(smallest, Window >> Math.Min(timeouts, 30));
        _epochStart = 0;
        _roundStarted = false;
    }

    private void BeginRound(uint next)
    {
        _lastRoundMinimum = _roundStarted ? _roundMinimum : 0;
        _roundMinimum = long.MaxValue;
        _roundStarted = true;
        _roundEnd = next;
        _samples = 0;
        if (_conservativeRounds > 0 && ++_conservativeRounds > ConservativeRounds)
        {
            Threshold = Window;
            _conservativeRounds = 0;
        }
    }

    private void BeginEpoch(long now, int segmentSize)
    {
        var window = (double)Window / segmentSize;
        _epochStart = now;
        _renoWindow = window;
        _windowMax = Math.Max(_windowMax, window);
        _rampTime = Math.Cbrt((_windowMax - window) / Cubic);
    }
}
