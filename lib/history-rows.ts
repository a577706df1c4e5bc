/**
 * Which rows of the table history is made of, by their sort keys: instances, their steps, and what providers reported of their
 * messages. The engine writes them so, the stream of the table is filtered by it, and everything else stays out of analytics.
 */

export const historySortKeys = {
  instance: 'i',
  stepPrefix: 's#',
  reportPrefix: 'd#',
} as const;

/**
 * What the trigger of `forward-history` lets through. Other rows may have such sort keys too, so the function looks at the
 * partition as well; most of what is written never calls it.
 */
export const historyFilter = {
  dynamodb: {
    Keys: {
      sk: {
        S: [
          historySortKeys.instance,
          { prefix: historySortKeys.stepPrefix },
          { prefix: historySortKeys.reportPrefix },
        ],
      },
    },
  },
} as const;
