namespace Analytics.Application.Rollups;

/// <summary>How many rollup rows and tasks a request may still read, all its windows together.</summary>
public sealed class RowAllowance
{
    public long Remaining { get; private set; } = TooManyRowsException.MaxRows;

    /// <exception cref="TooManyRowsException">Fewer rows remain.</exception>
    public void Take(long rows)
    {
        if (rows > Remaining)
        {
            throw new TooManyRowsException();
        }

        Remaining -= rows;
    }
}
