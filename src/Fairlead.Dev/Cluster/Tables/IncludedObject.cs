namespace Fairlead.Dev.Cluster.Tables;

/// <summary>What a row carries of its object.</summary>
internal enum IncludedObject
{
    Metadata,
    None,
    Whole,
}
