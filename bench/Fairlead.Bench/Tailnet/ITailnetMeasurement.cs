namespace Fairlead.Bench.Tailnet;

/// <summary>Something of the tailnet node that can be measured by itself.</summary>
internal interface ITailnetMeasurement
{
    /// <summary>What <c>--only</c> selects it by.</summary>
    string Name { get; }

    /// <param name="duration">How long each figure is measured, after a warm-up of the measurement's choice.</param>
    Task<IReadOnlyList<TailnetFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken);
}
