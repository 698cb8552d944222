namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Tests that keep the whole machine busy: no others run beside them, whose limits are for a machine with time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LoneCollection
{
    public const string Name = "Alone";
}
